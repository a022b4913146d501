import { failed } from '../execution/failure.ts'
import type { ExternalFiles } from '../statement/external-files.ts'
import { type DateFormat, dateFormat, escaped } from './date-format.ts'

/** The values that a column of a projection has. */
export type ProjectedColumn = { readonly name: string } & (
  | { readonly type: 'enum'; readonly values: readonly string[] }
  | {
      readonly type: 'integer'
      readonly min: number
      readonly max: number
      readonly interval: number
      readonly digits: number
    }
  | {
      readonly type: 'date'
      readonly format: string
      readonly from: string
      readonly to: string
      readonly interval: number
      readonly unit: Unit
    }
  | { readonly type: 'injected' }
)

/** Partitions that are computed, not registered (Athena's manual, "Partition projection"). */
export interface Projection {
  readonly columns: readonly ProjectedColumn[]
  /** Where a partition lies: `${name}` stands for a column's value. */
  readonly template: string
}

const units = ['YEARS', 'MONTHS', 'WEEKS', 'DAYS', 'HOURS', 'MINUTES', 'SECONDS'] as const
type Unit = (typeof units)[number]

/** The projection of a table over what it is partitioned by; undefined where its partitions are registered. */
export function projectionOf({
  properties,
  partitionedBy,
  location,
}: Pick<ExternalFiles, 'properties' | 'location'> & {
  readonly partitionedBy: readonly string[]
}): Projection | undefined {
  const get = (key: string): string | undefined =>
    Object.entries(properties).find(([name]) => name.toLowerCase() === key)?.[1]
  if (get('projection.enabled')?.toLowerCase() !== 'true' || partitionedBy.length === 0) return undefined
  const columns = partitionedBy.map((name) => columnOf(name, (key) => get(`projection.${name}.${key}`)))
  const folder = location.endsWith('/') ? location : `${location}/`
  const template =
    get('storage.location.template') ?? folder + columns.map(({ name }) => `${name}=\${${name}}/`).join('')
  const absent = columns.find(({ name }) => !template.includes(`\${${name}}`))
  if (absent !== undefined)
    throw failed(
      `storage.location.template has no \${${absent.name}}; every column that is partitioned by stands in it`,
    )
  return { columns, template: template.endsWith('/') ? template : `${template}/` }
}

function columnOf(name: string, get: (key: string) => string | undefined): ProjectedColumn {
  const type = get('type')?.toLowerCase() ?? 'nothing'
  const need = (key: string): string => {
    const value = get(key)
    if (value === undefined)
      throw failed(`the projection of ${name} has no property projection.${name}.${key}; give it`)
    return value
  }
  const whole = (key: string, other: number): number => {
    const value = Number(get(key) ?? other)
    if (Number.isInteger(value) && value >= 0) return value
    throw failed(`projection.${name}.${key} expects a whole number, found ${need(key)}`)
  }
  const range = (): readonly [string, string] => {
    const [from, to, ...more] = need('range')
      .split(',')
      .map((text) => text.trim())
    if (from === undefined || to === undefined || more.length > 0)
      throw failed(`projection.${name}.range expects two values with a comma between them, found ${need('range')}`)
    return [from, to]
  }
  switch (type) {
    case 'enum':
      return {
        name,
        type,
        values: need('values')
          .split(',')
          .map((value) => value.trim()),
      }
    case 'integer': {
      const [min, max] = range().map(Number)
      if (!Number.isInteger(min) || !Number.isInteger(max))
        throw failed(`projection.${name}.range expects whole numbers, found ${need('range')}`)
      return {
        name,
        type,
        min: min ?? 0,
        max: max ?? 0,
        interval: whole('interval', 1) || 1,
        digits: whole('digits', 0),
      }
    }
    case 'date': {
      const format = dateFormat(need('format'))
      if (format === undefined)
        throw failed(
          `projection.${name}.format is ${need('format')}; known are yyyy, MM, dd, HH, mm, ss and what stands between them`,
        )
      const [from, to] = range()
      for (const end of [from, to])
        if (momentOf(end, format, 0) === undefined)
          throw failed(`projection.${name}.range expects dates of its format, or NOW, found ${end}`)
      const unit = unitOf(get('interval.unit')) ?? units[[0, 1, 3, 4, 5, 6][format.precision] ?? 3]
      return { name, type, format: need('format'), from, to, interval: whole('interval', 1) || 1, unit: unit ?? 'DAYS' }
    }
    case 'injected':
      return { name, type }
    default:
      throw failed(`projection.${name}.type expects enum, integer, date, injected, found ${type}`)
  }
}

function unitOf(text: string | undefined): Unit | undefined {
  return units.find((unit) => unit === text?.toUpperCase() || unit === `${text?.toUpperCase() ?? ''}S`)
}

const relative = /^NOW(?:\s*([+-])\s*(\d+)\s*([A-Z]+))?$/i

/** A moment of a range: in the format, or told from now on. */
function momentOf(text: string, format: DateFormat, nowMs: number): number | undefined {
  const [found, sign, amount, named] = relative.exec(text) ?? []
  if (found === undefined) return format.read(text)
  if (amount === undefined) return nowMs
  const unit = unitOf(named)
  return unit === undefined ? undefined : later(nowMs, Number(amount) * (sign === '-' ? -1 : 1), unit)
}

const fixed: Readonly<Record<string, number>> = {
  WEEKS: 604_800_000,
  DAYS: 86_400_000,
  HOURS: 3_600_000,
  MINUTES: 60_000,
  SECONDS: 1000,
}

function later(ms: number, amount: number, unit: Unit): number {
  const length = fixed[unit]
  if (length !== undefined) return ms + amount * length
  const date = new Date(ms)
  date.setUTCMonth(date.getUTCMonth() + (unit === 'YEARS' ? 12 : 1) * amount)
  return date.getTime()
}

/** How many units lie between two moments; a fraction where they are not whole. */
function between(from: number, to: number, unit: Unit): number {
  const length = fixed[unit]
  if (length !== undefined) return (to - from) / length
  const [a, b] = [new Date(from), new Date(to)]
  const months = (b.getUTCFullYear() - a.getUTCFullYear()) * 12 + b.getUTCMonth() - a.getUTCMonth()
  const isWhole = later(from, months, 'MONTHS') === to
  return (isWhole ? months : months + 0.5) / (unit === 'YEARS' ? 12 : 1)
}

/** Finds the partition that an object lies in. */
export interface Projected {
  /** The folder that all partitions lie beneath. */
  readonly folder: string
  /** The values of the columns, by the object's URI; undefined where it lies in no partition. */
  readonly valuesOf: (uri: string) => readonly string[] | undefined
}

/**
 * The partitions of a projection as of a moment. They are not listed one by one: a table can have a million of them. What lies beneath their
 * common folder is, and its path says the values; so a column whose values are injected needs none either.
 */
export function projected(
  { columns, template }: Projection,
  nowMs: number,
  rootOf: (url: string) => string,
): Projected {
  const first = template.indexOf('${')
  const start = template.lastIndexOf('/', first) + 1
  const folder = template.slice(0, start)
  const root = rootOf(folder)
  const checks = columns.map((column) => checkOf(column, nowMs))
  const met = new Set<string>()
  const source = template
    .slice(start)
    .split(/(\$\{[^}]*\})/)
    .map((piece) => {
      const name = /^\$\{([^}]*)\}$/.exec(piece)?.[1]
      if (name === undefined) return escaped(piece)
      const index = columns.findIndex((column) => column.name === name.toLowerCase())
      if (index === -1)
        throw failed(`storage.location.template has \${${name}}, which is no column that the table is partitioned by`)
      if (met.has(name)) return `\\k<c${index}>`
      met.add(name)
      return `(?<c${index}>${checks[index]?.pattern ?? ''})`
    })
    .join('')
  const whole = new RegExp(`^${source}`)
  return {
    folder,
    valuesOf: (uri) => {
      if (!uri.startsWith(root)) return undefined
      const groups = whole.exec(uri.slice(root.length))?.groups
      if (groups === undefined) return undefined
      const values = columns.map((_, index) => groups[`c${index}`] ?? '')
      return values.every((value, index) => checks[index]?.holds(value)) ? values : undefined
    },
  }
}

interface Check {
  readonly pattern: string
  readonly holds: (value: string) => boolean | undefined
}

function checkOf(column: ProjectedColumn, nowMs: number): Check {
  switch (column.type) {
    case 'enum':
      return {
        pattern: column.values
          .toSorted((a, b) => b.length - a.length)
          .map(escaped)
          .join('|'),
        holds: () => true,
      }
    case 'integer': {
      const { min, max, interval, digits } = column
      return {
        pattern: String.raw`-?\d+`,
        holds: (text) => {
          const value = Number(text)
          const isWritten = text === String(value).padStart(digits, '0')
          return isWritten && value >= min && value <= max && (value - min) % interval === 0
        },
      }
    }
    case 'date': {
      const format = dateFormat(column.format)
      // What the format does not tell is not compared: the day that NOW is in is one of them.
      const end = (text: string): number => {
        const ms = format === undefined ? undefined : momentOf(text, format, nowMs)
        return ms === undefined ? NaN : (format?.read(format.write(ms)) ?? NaN)
      }
      const [from, to] = [end(column.from), end(column.to)]
      return {
        pattern: format?.pattern ?? '',
        holds: (text) => {
          const ms = format?.read(text)
          return ms !== undefined && ms >= from && ms <= to && between(from, ms, column.unit) % column.interval === 0
        },
      }
    }
    case 'injected':
      return { pattern: '[^/]+', holds: () => true }
  }
}

/** The projection of an external table. */
export function projectionIn(external: ExternalFiles): Projection | undefined {
  return projectionOf({ ...external, partitionedBy: external.partitionedBy.map(({ name }) => name.text) })
}
