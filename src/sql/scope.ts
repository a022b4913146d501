import { identifier, literal } from '../engines/duckdb.ts'

/** A view that people read. */
export interface View {
  readonly name: string
  readonly columns: readonly { readonly name: string; readonly type: string }[]
  /** Column that a time range is about. */
  readonly time: string | undefined
}

/** Which records a statement shall see. Times are SQL text in UTC. */
export interface Scope {
  readonly from?: string | undefined
  readonly to?: string | undefined
  readonly filters?: readonly Filter[] | undefined
}

/** Records whose column has this value, as text; null is NULL. */
export interface Filter {
  readonly column: string
  readonly value: string | null
}

/** How the engine that reads the statement in the end is told of views. */
export interface ScopeReader {
  /** What stands before the bracket of a CTE that is to be inlined. */
  readonly hint: string
  /** What FROM reads a view's records from; those out of the range may be left out. */
  readonly records: (view: View, scope: Scope) => string
  /** Whether a column is a value that was given as text. */
  readonly equals: (column: View['columns'][number], value: string) => string
}

/** The lake's own engine: a range over a large table must be pushed down to its row groups, so nothing is materialised. */
const lakeReader: ScopeReader = {
  hint: 'not materialized ',
  records: ({ name }) => `logs.${identifier(name)}`,
  equals: ({ name }, value) => `${identifier(name)} = ${literal(value)}`,
}

/** A statement within a scope. */
export interface Scoped {
  readonly sql: string
  /** Names of the views it reads. */
  readonly views: readonly string[]
  /** Columns of filters that none of these views has. */
  readonly unfiltered: readonly string[]
}

/** Text, comments and names; a name may be quoted. */
const tokens = /'(?:[^']|'')*'|--[^\n]*|\/\*[\s\S]*?\*\/|"(?:[^"]|"")*"|[\p{L}_$][\p{L}\p{N}_$]*|[^\s]/gu

/**
 * Narrows a statement to a scope: every view that it names without a schema is shadowed by a CTE of that name with the records within.
 * A name with a schema (`logs.vpc_flow_logs`) means all records.
 */
export function scopeStatement(
  sql: string,
  scope: Scope,
  known: readonly View[],
  reader: ScopeReader = lakeReader,
): Scoped {
  const words = wordsOf(sql)
  const read = readNames(words.map(([token]) => token))
  const views = known.filter((view) => read.unqualified.has(view.name) || read.qualified.has(view.name))
  const shadowed = known.filter((view) => read.unqualified.has(view.name) && !read.defined.has(view.name))
  const unfiltered = (scope.filters ?? [])
    .map((filter) => filter.column)
    .filter((name) => !shadowed.some((view) => columnOf(view, name) !== undefined))
  const result = { views: views.map((view) => view.name), unfiltered: [...new Set(unfiltered)] }
  const definitions = shadowed.flatMap((view) => definition(view, scope, reader))
  return { sql: withDefinitions(sql, words, definitions), ...result }
}

/** A statement in which the names of built-in views mean these, also where people have a table of the same name in `public`. */
export function ofBuiltIn(sql: string, known: readonly View[]): string {
  const words = wordsOf(sql)
  const { unqualified, defined } = readNames(words.map(([token]) => token))
  const definitions = known
    .filter(({ name }) => unqualified.has(name) && !defined.has(name))
    .map((view) => shadow(view, `select * from ${lakeReader.records(view, {})}`, lakeReader))
  return withDefinitions(sql, words, definitions)
}

type Words = readonly RegExpExecArray[]

/** Puts CTEs before those that a statement has. */
function withDefinitions(sql: string, words: Words, definitions: readonly string[]): string {
  const [first, second] = words
  if (first === undefined || definitions.length === 0 || !/^(select|with|from|\()$/i.test(first[0])) return sql
  const list = definitions.join(',\n')
  if (first[0].toLowerCase() !== 'with') return `${sql.slice(0, first.index)}with ${list}\n${sql.slice(first.index)}`
  const after = second?.[0].toLowerCase() === 'recursive' ? second : first
  const split = after.index + after[0].length
  return `${sql.slice(0, split)} ${list},\n${sql.slice(split)}`
}

function wordsOf(sql: string): Words {
  return [...sql.matchAll(tokens)].filter(([token]) => !/^(--|\/\*)/.test(token))
}

function shadow({ name }: View, records: string, { hint }: ScopeReader): string {
  return `${identifier(name)} as ${hint}(${records})`
}

interface Names {
  readonly unqualified: ReadonlySet<string>
  readonly qualified: ReadonlySet<string>
  /** Names that the statement gives to CTEs of its own. */
  readonly defined: ReadonlySet<string>
}

function readNames(words: readonly string[]): Names {
  const names = { unqualified: new Set<string>(), qualified: new Set<string>(), defined: new Set<string>() }
  words.forEach((word, index) => {
    const name = nameOf(word)
    if (name === undefined) return
    if (words[index - 1] === '.') {
      if (nameOf(words[index - 2] ?? '') === 'logs') names.qualified.add(name)
      return
    }
    if (isDefinition(words, index)) names.defined.add(name)
    else names.unqualified.add(name)
  })
  return names
}

function nameOf(word: string): string | undefined {
  if (word.startsWith('"') && word.length > 1) return word.slice(1, -1).replaceAll('""', '"').toLowerCase()
  return /^[\p{L}_]/u.test(word) ? word.toLowerCase() : undefined
}

/** `name as (`, `name as materialized (`, or `name (column, …) as (` after `with` or a comma. */
function isDefinition(words: readonly string[], index: number): boolean {
  if (!/^(with|recursive|,)$/i.test(words[index - 1] ?? '')) return false
  let at = index + 1
  if (words[at] === '(') at = words.indexOf(')', at) + 1
  if (words[at]?.toLowerCase() !== 'as') return false
  return /^(\(|not|materialized)$/i.test(words[at + 1] ?? '')
}

function columnOf(view: View, name: string): View['columns'][number] | undefined {
  return view.columns.find((column) => column.name.toLowerCase() === name.toLowerCase())
}

function definition(view: View, scope: Scope, reader: ScopeReader): string[] {
  const { from, to, filters = [] } = scope
  const time = view.time === undefined ? undefined : identifier(view.time)
  const conditions = [
    ...(time === undefined || from === undefined ? [] : [`${time} >= timestamp ${literal(from)}`]),
    ...(time === undefined || to === undefined ? [] : [`${time} < timestamp ${literal(to)}`]),
    ...filters.flatMap(({ column: called, value }) => {
      const column = columnOf(view, called)
      if (column === undefined) return []
      return [value === null ? `${identifier(column.name)} is null` : reader.equals(column, value)]
    }),
  ]
  if (conditions.length === 0) return []
  const records = reader.records(view, scope)
  return [shadow(view, `select * from ${records} where ${conditions.join(' and ')}`, reader)]
}
