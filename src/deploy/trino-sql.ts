import { MillraceError } from '../errors.ts'
import type { NamedQuery } from '../named-queries/named-query.ts'
import { fillQuery } from '../named-queries/fill.ts'
import { loadPolyglot } from '../sql/polyglot.ts'
import { writtenOut } from './portable-functions.ts'

/** A statement of the lake's as Trino and Athena read it: functions of Millrace's are written out, and the views of logs are in the current database. */
export async function toTrino(sql: string): Promise<string> {
  const { Dialect, transpile } = await loadPolyglot()
  // The printer takes EXPLAIN for DESCRIBE.
  const [explain = ''] = /^\s*explain\s+(analyze\s+)?/i.exec(sql) ?? []
  const read = transpile(sql.slice(explain.length), Dialect.DuckDB, Dialect.Trino, { unsupportedLevel: 'raise' })
  const text = read.success ? read.sql?.[0] : undefined
  if (text === undefined)
    throw new MillraceError('SQL_FAILED', `The statement cannot be printed for Athena: ${read.error ?? 'it is empty'}.`)
  return `${explain.trim().toUpperCase()} ${writtenOut(text)}`.trimStart()
}

/** A named query, to be kept elsewhere. */
export interface PortableQuery {
  readonly name: string
  readonly description: string
  readonly sql: string
}

const units: Readonly<Record<string, string>> = { m: 'minute', h: 'hour', d: 'day', w: 'week' }

/**
 * A named query as Athena keeps it: `?` stands for each value that has no default, in the order of the description, and times that are counted
 * back from now are counted when it runs.
 */
export async function portableQuery(query: NamedQuery): Promise<PortableQuery> {
  const marks = new Map<string, string>()
  const given: Record<string, string> = {}
  for (const [index, { name, type, default: byDefault }] of query.parameters.entries()) {
    const [, amount, unit = ''] = /^-(\d+)([mhdw])$/.exec(byDefault ?? '') ?? []
    // Moments that no log has, one for each parameter, so that they are found again once they are printed.
    const mark = `1901-01-01 00:00:${String(index).padStart(2, '0')}`
    const moment =
      byDefault === 'now'
        ? 'CAST(now() AS timestamp)'
        : amount === undefined
          ? undefined
          : `date_add('${units[unit] ?? 'day'}', -${amount}, CAST(now() AS timestamp))`
    if (type === 'timestamp' && (moment !== undefined || byDefault === undefined)) {
      given[name] = mark
      marks.set(mark, moment ?? 'CAST(? AS timestamp)')
    } else if (byDefault === undefined) {
      given[name] = `?${name}?`
      marks.set(given[name], '?')
    }
  }
  const sql = await toTrino(fillQuery(query, given, new Date()))
  const filled = sql.replaceAll(
    /(?:TIMESTAMP\s*'([^']*)'|CAST\('([^']*)' AS TIMESTAMP(?:\(\d\))?\)|'([^']*)')/gi,
    (whole: string, first?: string, second?: string, third?: string) =>
      marks.get(first ?? second ?? third ?? '') ?? whole,
  )
  const needed = query.parameters.filter((one) => one.default === undefined).map(({ name, doc }) => `${name}: ${doc}`)
  const asked = needed.length === 0 ? '' : ` Values: ${needed.join(' ')}`
  return { name: query.name, description: `${query.question}${asked}`.slice(0, 1024), sql: filled }
}
