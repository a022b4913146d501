import { suggestion } from './nearest.ts'
import type { Reader } from './reader.ts'
import type { Token } from './tokens.ts'

/** How the value of an option is read and printed. */
export interface Option<T> {
  /** `isGiven` is false where nothing but the option's name can have been written: there was no `=`. */
  readonly read: (reader: Reader, name: string, isGiven: boolean) => T
  readonly print: (value: T) => string
  /** Snowflake takes no `=` here. */
  readonly isWithoutSign?: true
}

/** The options that a kind of object takes; keys are Snowflake's names in camel case. */
export type OptionTable<V> = { readonly [K in keyof V]: Option<V[K]> }

/** Options that were given. */
export type Given<V> = { readonly [K in keyof V]?: V[K] }

/** Keeps the types of the values of a table. */
export function optionTable<V extends object>(table: OptionTable<V>): OptionTable<V> {
  return table
}

/** The values that a table of options takes. */
export type ValuesOf<T> = T extends OptionTable<infer V> ? V : never

/** `maxClusterCount` is written MAX_CLUSTER_COUNT. */
export function optionName(key: string): string {
  return key.replaceAll(/[A-Z]/g, (letter) => `_${letter}`).toUpperCase()
}

export interface OptionsRead<V> {
  readonly values: Given<V>
  /** The name of each option where it was given, for errors. */
  readonly tokens: ReadonlyMap<keyof V, Token>
}

export interface OptionRules {
  /** Reads what is no option of the table; false where it is none of its things. */
  readonly clause?: (reader: Reader) => boolean
  /** Clauses that `clause` reads, as errors name them. */
  readonly clauses?: readonly string[]
  /** Where the options end, besides the end of the statement. */
  readonly isEnd?: (reader: Reader) => boolean
  /** Options that are refused, and why. */
  readonly refused?: Readonly<Record<string, string>>
}

/** Reads options in any order, with or without `=`, with blanks or commas between them. */
export function readOptions<V extends object>(
  reader: Reader,
  table: OptionTable<V>,
  rules: OptionRules = {},
): OptionsRead<V> {
  const values: { -readonly [K in keyof V]?: V[K] } = {}
  const tokens = new Map<keyof V, Token>()
  const keys = keysByName(table)
  let isFirst = true
  for (;;) {
    const isAfterComma = !isFirst && reader.takeSymbol(',')
    const isEnd = reader.isDone || rules.isEnd?.(reader) === true
    if (isEnd && !isAfterComma) return { values, tokens }
    isFirst = false
    if (!isEnd && rules.clause?.(reader) === true) continue
    const token = isEnd ? undefined : reader.peek()
    const key = token?.kind === 'word' ? keys.get(token.upper) : undefined
    if (key === undefined) throw unknown(reader, [...keys.keys(), ...(rules.clauses ?? [])], rules.refused)
    const name = optionName(String(key))
    if (tokens.has(key)) throw reader.error(token, `${reader.subject} has ${name} twice; give it once`)
    tokens.set(key, reader.next(name))
    set(values, key, table[key].read(reader, name, reader.takeSymbol('=')))
  }
}

/** Reads options in brackets. */
export function readBracketed<V extends object>(
  reader: Reader,
  table: OptionTable<V>,
  rules: OptionRules = {},
): OptionsRead<V> {
  reader.expectSymbol('(')
  const read = readOptions(reader, table, { ...rules, isEnd: (inner) => inner.isSymbol(')') })
  reader.expectSymbol(')')
  return read
}

/** Reads the names of options, as behind UNSET. */
export function readOptionNames<V extends object>(reader: Reader, table: OptionTable<V>): (keyof V)[] {
  const keys = keysByName(table)
  const names: (keyof V)[] = []
  do {
    const token = reader.peek()
    const key = token?.kind === 'word' ? keys.get(token.upper) : undefined
    if (key === undefined) throw unknown(reader, [...keys.keys()], {})
    if (names.includes(key))
      throw reader.error(token, `${reader.subject} has ${optionName(String(key))} twice; give it once`)
    names.push(key)
    reader.next('an option')
  } while (reader.takeSymbol(',') || !reader.isDone)
  return names
}

/** Options as canonical SQL: `NAME = value`. */
export function printOptions<V extends object>(table: OptionTable<V>, values: Given<V>): string[] {
  const printed: string[] = []
  for (const key in table) {
    const value = values[key]
    if (value === undefined) continue
    const { print, isWithoutSign } = table[key]
    printed.push(`${optionName(key)} ${isWithoutSign === true ? '' : '= '}${print(value)}`)
  }
  return printed
}

function keysByName<V extends object>(table: OptionTable<V>): Map<string, keyof V> {
  const keys = new Map<string, keyof V>()
  for (const key in table) keys.set(optionName(key), key)
  return keys
}

function set<V, K extends keyof V>(values: { -readonly [P in keyof V]?: V[P] }, key: K, value: V[K]): void {
  values[key] = value
}

function unknown(reader: Reader, known: readonly string[], refused: Readonly<Record<string, string>> = {}): Error {
  const token = reader.peek()
  if (token?.kind !== 'word') return reader.unexpected(`one of ${known.join(', ')}`)
  const why = Object.hasOwn(refused, token.upper) ? refused[token.upper] : undefined
  if (why !== undefined) return reader.error(token, `${reader.subject} takes no ${token.upper}: ${why}`)
  const hint = suggestion(token.upper, known)
  return reader.error(
    token,
    `${reader.subject} has no option ${token.text.slice(0, 40)}${hint}; it takes ${known.join(', ')}`,
  )
}
