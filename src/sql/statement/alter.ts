import { type ObjectName, printName, readName } from './name.ts'
import {
  type Given,
  type OptionRules,
  type OptionTable,
  optionName,
  printOptions,
  readOptionNames,
  readOptions,
} from './options.ts'
import type { Reader } from './reader.ts'

/** What ALTER does to the options of an object. */
export type Change<V> =
  | { readonly action: 'set'; readonly options: Given<V> }
  | { readonly action: 'unset'; readonly options: readonly (keyof V)[] }

/** RENAME TO. */
export interface Rename {
  readonly action: 'rename'
  readonly to: ObjectName
}

/** What every ALTER says. */
export interface Alteration<C> {
  readonly ifExists: boolean
  readonly name: ObjectName
  readonly change: C
}

/** Reads IF EXISTS, the name, and then what `readRest` knows. */
export function readAlteration<C>(reader: Reader, readRest: (reader: Reader) => C): Alteration<C> {
  const ifExists = reader.takeWords('IF', 'EXISTS')
  const name = readName(reader)
  const change = readRest(reader)
  reader.expectEnd()
  return { ifExists, name, change }
}

/** Reads RENAME TO, or what `readChange` reads. */
export function readChangeOrName<V extends object>(
  reader: Reader,
  table: OptionTable<V>,
  others: readonly string[] = [],
  rules: OptionRules = {},
): Change<V> | Rename {
  if (reader.takeWords('RENAME', 'TO')) return { action: 'rename', to: readName(reader) }
  return readChange(reader, table, ['RENAME TO', ...others], rules)
}

/** Reads SET and UNSET with the options of a table; `others` names what else there could have been. */
export function readChange<V extends object>(
  reader: Reader,
  table: OptionTable<V>,
  others: readonly string[] = [],
  rules: OptionRules = {},
): Change<V> {
  if (reader.takeWords('SET')) {
    if (reader.isDone)
      throw reader.unexpected(`an option behind SET, such as ${Object.keys(table).map(optionName).join(', ')}`)
    return { action: 'set', options: readOptions(reader, table, rules).values }
  }
  if (reader.takeWords('UNSET')) return { action: 'unset', options: readOptionNames(reader, table) }
  throw reader.unexpected(['SET', 'UNSET', ...others].join(', '))
}

export function printAlteration<C>(
  object: string,
  { ifExists, name, change }: Alteration<C>,
  printRest: (change: C) => string,
): string {
  return `ALTER ${object} ${ifExists ? 'IF EXISTS ' : ''}${printName(name)} ${printRest(change)}`
}

export function printChange<V extends object>(table: OptionTable<V>, change: Change<V> | Rename): string {
  switch (change.action) {
    case 'set':
      return `SET ${printOptions(table, change.options).join(' ')}`
    case 'unset':
      return `UNSET ${change.options.map((key) => optionName(String(key))).join(', ')}`
    case 'rename':
      return `RENAME TO ${printName(change.to)}`
  }
}
