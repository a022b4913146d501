import type { ChartSettings } from '../../../src/dashboard/shape.ts'
import type { Cell, Result } from '../api/query.ts'
import { timeOf } from '../range/range.ts'
import { numberOf, plainText } from '../text/figures.ts'
import { type ChartColumns, chartColumns } from './columns.ts'

/** One bar or slice. */
export interface Bar {
  readonly key: Cell
  readonly value: number
}

function cellAt(row: readonly Cell[], index: number): Cell {
  return index === -1 ? null : row[index]
}

const byName = new Intl.Collator('en', { numeric: true })

function compareNames(one: Cell, other: Cell): number {
  return byName.compare(plainText(one), plainText(other))
}

/** Bars of a result: one for each value of the axis, summed, then ordered and limited (the largest are kept). */
export function barsOf(result: Result, settings: ChartSettings): Bar[] {
  const { measure, axis } = chartColumns(result, settings)
  const bars = new Map<string, { key: Cell; value: number }>()
  for (const row of result.rows) {
    const key = cellAt(row, axis)
    const value = numberOf(cellAt(row, measure)) ?? 0
    const bar = bars.get(plainText(key))
    if (bar === undefined) bars.set(plainText(key), { key, value })
    else bar.value += value
  }
  const all = [...bars.values()]
  const { limit = 50 } = settings
  const kept = all.length > limit ? all.toSorted((one, other) => other.value - one.value).slice(0, limit) : all
  return ordered(kept, settings)
}

function ordered(bars: Bar[], { order = 'size', direction = 'descending' }: ChartSettings): Bar[] {
  if (order === 'none') return bars
  const sign = direction === 'descending' ? -1 : 1
  return bars.toSorted((one, other) => {
    const difference = order === 'size' ? one.value - other.value : compareNames(one.key, other.key)
    return difference === 0 ? compareNames(one.key, other.key) : sign * difference
  })
}

/** Values over an axis, split into series. */
export interface Series {
  readonly name: string
  readonly points: readonly (readonly [axis: number | string, value: number])[]
}

export interface Lines {
  readonly isTime: boolean
  readonly series: readonly Series[]
  readonly keys: readonly Cell[]
}

const maxSeries = 20

/** Lines of a result. Every series has a value at each place of the axis, so that they can be stacked. */
export function linesOf(result: Result, settings: ChartSettings): Lines {
  const columns = chartColumns(result, settings)
  const isTime = result.rows.every((row) => {
    const cell = cellAt(row, columns.axis)
    return cell === null || timeOf(cell) !== undefined
  })
  const places = new Map<number | string, Cell>()
  const totals = new Map<string, number>()
  const values = new Map<string, Map<number | string, number>>()
  for (const row of result.rows) {
    const key = cellAt(row, columns.axis)
    const place = isTime ? timeOf(key) : plainText(key)
    if (place === undefined) continue
    const name = columns.series === -1 ? '' : plainText(cellAt(row, columns.series))
    const value = numberOf(cellAt(row, columns.measure)) ?? 0
    places.set(place, key)
    totals.set(name, (totals.get(name) ?? 0) + value)
    const points = values.get(name) ?? new Map<number | string, number>()
    points.set(place, (points.get(place) ?? 0) + value)
    values.set(name, points)
  }
  const names = [...totals]
    .toSorted(([, one], [, other]) => other - one)
    .slice(0, maxSeries)
    .map(([name]) => name)
    .toSorted(compareNames)
  const axis = isTime ? filledTimes([...places.keys()].map(Number)) : [...places.keys()]
  return {
    isTime,
    keys: [...places.values()],
    series: names.map((name) => ({
      name,
      points: axis.map((place): [number | string, number] => [place, values.get(name)?.get(place) ?? 0]),
    })),
  }
}

const maxFilled = 5000

/** The times with those between them that have no rows: a gap is drawn as nothing, not as a slope. */
function filledTimes(times: readonly number[]): number[] {
  const sorted = times.toSorted((one, other) => one - other)
  const [first, last] = [sorted[0], sorted.at(-1)]
  let step = Infinity
  for (let at = 1; at < sorted.length; at++) step = Math.min(step, (sorted[at] ?? 0) - (sorted[at - 1] ?? 0))
  if (first === undefined || last === undefined || step === Infinity || (last - first) / step > maxFilled) return sorted
  if (sorted.some((time) => (time - first) % step !== 0)) return sorted
  return Array.from({ length: Math.round((last - first) / step) + 1 }, (_, index) => first + index * step)
}

/** Sums by weekday (0 is Monday) and hour, in UTC or local time: `[hour, weekday, value]`. */
export function weekOf(result: Result, settings: ChartSettings, isLocal: boolean): [number, number, number][] {
  const { measure, axis } = chartColumns(result, settings)
  const sums = Array.from({ length: 7 * 24 }, () => 0)
  for (const row of result.rows) {
    const moment = timeOf(cellAt(row, axis))
    if (moment === undefined) continue
    const time = new Date(moment)
    const weekday = ((isLocal ? time.getDay() : time.getUTCDay()) + 6) % 7
    const hour = isLocal ? time.getHours() : time.getUTCHours()
    const at = weekday * 24 + hour
    sums[at] = (sums[at] ?? 0) + (numberOf(cellAt(row, measure)) ?? 0)
  }
  return sums.map((value, at) => [at % 24, Math.floor(at / 24), value])
}

/** A link of a Sankey from one end to the other. */
export interface Link {
  readonly from: Cell
  readonly to: Cell
  readonly value: number
}

/** The largest links of a result. */
export function linksOf(result: Result, settings: ChartSettings): Link[] {
  const columns: ChartColumns = chartColumns(result, settings)
  const to =
    columns.series === -1
      ? result.columns.findIndex((_, at) => at !== columns.axis && at !== columns.measure)
      : columns.series
  return result.rows
    .map((row): Link => ({
      from: cellAt(row, columns.axis),
      to: cellAt(row, to),
      value: numberOf(cellAt(row, columns.measure)) ?? 0,
    }))
    .filter((link) => link.value > 0)
    .toSorted((one, other) => other.value - one.value)
    .slice(0, settings.limit ?? 30)
}
