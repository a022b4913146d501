import { MillraceError } from '../errors.ts'
import type { NamedQuery, Parameter } from './named-query.ts'

/** Quoted text, comments and names are passed over; only a `$name` outside them is a parameter. */
const tokens = /'(?:[^']|'')*'|"(?:[^"]|"")*"|--[^\n]*|\/\*[\s\S]*?\*\/|\$([a-z][a-z0-9_]*)/g

/** Names of the parameters in a statement. */
export function namesIn(sql: string): string[] {
  return [...sql.matchAll(tokens)].flatMap(([, name]) => (name === undefined ? [] : [name]))
}

/** What a statement is made from. */
type Fillable = Pick<NamedQuery, 'name' | 'parameters' | 'sql'>

/** The statement of a named query with its parameters as literals. `now` is what times are counted back from. */
export function fillQuery(query: Fillable, given: Readonly<Record<string, string>>, now: Date): string {
  const known = query.parameters.map(({ name }) => name)
  const unknown = Object.keys(given).find((name) => !known.includes(name))
  if (unknown !== undefined) {
    const list = known.length === 0 ? 'It has none' : `It has ${known.join(', ')}`
    throw new MillraceError('USAGE', `The named query ${query.name} has no parameter ${unknown}. ${list}.`)
  }
  const literals = new Map(
    query.parameters.map((parameter) => [parameter.name, literalOf(query, parameter, given, now)]),
  )
  return query.sql.replaceAll(tokens, (token: string, name: string | undefined) =>
    name === undefined ? token : (literals.get(name) ?? token),
  )
}

function literalOf(query: Fillable, parameter: Parameter, given: Readonly<Record<string, string>>, now: Date): string {
  const text = given[parameter.name] ?? parameter.default
  if (text === undefined)
    throw new MillraceError(
      'USAGE',
      `The named query ${query.name} needs ${parameter.name}: ${parameter.doc} Give it with --param ${parameter.name}=….`,
    )
  const literal = writers[parameter.type](text.trim(), now)
  if (literal !== undefined) return literal
  throw new MillraceError('USAGE', `${parameter.name}=${text} is not ${forms[parameter.type]}. ${parameter.doc}`)
}

const forms: Readonly<Record<Parameter['type'], string>> = {
  timestamp: 'a time such as 2026-11-20, 2026-11-20 12:00:00, now or -30d',
  text: 'text',
  integer: 'a whole number',
  number: 'a number',
  boolean: 'true or false',
  integers: 'a list of whole numbers such as 22,3389',
  texts: 'a list of words such as a,b',
}

const quoted = (text: string): string => `'${text.replaceAll("'", "''")}'`
const isInteger = (text: string): boolean => /^-?\d{1,18}$/.test(text)
const listOf = (text: string): string[] =>
  text
    .split(',')
    .map((word) => word.trim())
    .filter((word) => word !== '')

/** How text becomes a literal that every dialect reads; undefined when it is none of the type. */
const writers: Readonly<Record<Parameter['type'], (text: string, now: Date) => string | undefined>> = {
  timestamp: (text, now) => {
    const time = timeOf(text, now)
    return time === undefined ? undefined : `timestamp '${time.toISOString().slice(0, 19).replace('T', ' ')}'`
  },
  text: quoted,
  integer: (text) => (isInteger(text) ? text : undefined),
  number: (text) => (/^-?\d{1,15}(\.\d{1,15})?$/.test(text) ? text : undefined),
  boolean: (text) => (text === 'true' || text === 'false' ? text : undefined),
  integers: (text) => {
    const words = listOf(text)
    return words.length > 0 && words.every(isInteger) ? words.join(', ') : undefined
  },
  texts: (text) => {
    const words = listOf(text)
    return words.length > 0 ? words.map(quoted).join(', ') : undefined
  },
}

const spans: Readonly<Record<string, number>> = { m: 60_000, h: 3_600_000, d: 86_400_000, w: 604_800_000 }

/** A moment as people write it, in UTC; throws for anything else. */
export function readTime(text: string, now: Date): Date {
  const found = timeOf(text, now)
  if (found !== undefined) return found
  throw new MillraceError('USAGE', `${text} is not ${forms.timestamp}.`)
}

function timeOf(text: string, now: Date): Date | undefined {
  if (text === 'now') return now
  const [, amount, unit] = /^-(\d{1,6})([mhdw])$/.exec(text) ?? []
  if (amount !== undefined && unit !== undefined) return new Date(now.getTime() - Number(amount) * (spans[unit] ?? 0))
  const match = /^(\d{4}-\d{2}-\d{2})(?:[ T](\d{2}:\d{2}(?::\d{2})?)(?:\.\d+)?Z?)?$/.exec(text)
  if (match === null) return undefined
  const clock = match[2] ?? '00:00:00'
  const time = new Date(`${match[1] ?? ''}T${clock.length === 5 ? `${clock}:00` : clock}Z`)
  // A day that does not exist rolls over to the next month.
  return Number.isNaN(time.getTime()) || !time.toISOString().startsWith(match[1] ?? '') ? undefined : time
}
