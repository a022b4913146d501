import { printLiteral } from './literal.ts'
import { type ObjectName, printName, readNameOrText } from './name.ts'
import type { Option } from './options.ts'
import { type Reader, shorten } from './reader.ts'

/** TRUE or FALSE. */
export const boolean: Option<boolean> = {
  read: readBoolean,
  print: printBoolean,
}

/** TRUE or FALSE, or nothing, which is TRUE. */
export const flag: Option<boolean> = {
  read: (reader, name, isGiven) =>
    isGiven || reader.isWord('TRUE') || reader.isWord('FALSE') ? readBoolean(reader, name) : true,
  print: printBoolean,
}

function readBoolean(reader: Reader, name: string): boolean {
  const value = reader.rawValue('TRUE or FALSE', name)
  const upper = value.text.toUpperCase()
  if (upper !== 'TRUE' && upper !== 'FALSE') throw reader.notAmong(value, ['TRUE', 'FALSE'], name)
  return upper === 'TRUE'
}

function printBoolean(value: boolean): string {
  return value ? 'TRUE' : 'FALSE'
}

/** A whole number within bounds. */
export function integer(least = 0, most = Number.MAX_SAFE_INTEGER): Option<number> {
  const range = most === Number.MAX_SAFE_INTEGER ? `of at least ${least}` : `from ${least} to ${most}`
  return {
    read: (reader, name) => {
      const token = reader.peek()
      if (token?.kind !== 'number' && token?.kind !== 'string') throw reader.unexpected(`a whole number ${range}`, name)
      const value = Number(token.text)
      if (!/^\d+$/.test(token.text) || value < least || value > most)
        throw reader.unexpected(`a whole number ${range}`, name)
      reader.next(name)
      return value
    },
    print: String,
  }
}

/** The same, or the word NULL. */
export function orNull<T>(option: Option<T>): Option<T | null> {
  return {
    read: (reader, name, isGiven) => (reader.takeWords('NULL') ? null : option.read(reader, name, isGiven)),
    print: (value) => (value === null ? 'NULL' : option.print(value)),
  }
}

/** A text in quotes. */
export const text: Option<string> = { read: readText, print: printLiteral }

function readText(reader: Reader, name: string): string {
  const token = reader.peek()
  if (token?.kind !== 'string' && token?.kind !== 'body') throw reader.unexpected("a text in single quotes ('…')", name)
  reader.next(name)
  return token.text
}

/** A text that `isValid` admits. */
export function checkedText(isValid: (value: string) => boolean, form: string): Option<string> {
  return {
    read: (reader, name) => {
      const token = reader.peek()
      const value = readText(reader, name)
      if (!isValid(value)) throw reader.error(token, `${name} expects ${form}, found '${shorten(value)}'`)
      return value
    },
    print: printLiteral,
  }
}

/** A text, or the word NONE, which is null; Snowflake takes 'NONE' in quotes for the word. */
export const textOrNone: Option<string | null> = {
  read: (reader, name) => {
    if (reader.takeWords('NONE')) return null
    if (reader.peek()?.kind !== 'string') throw reader.unexpected("a text in single quotes ('…') or NONE", name)
    const value = readText(reader, name)
    return value.toUpperCase() === 'NONE' ? null : value
  },
  print: (value) => (value === null ? 'NONE' : printLiteral(value)),
}

/** A text, or a word that stands for one: AUTO, UTF8. */
export function textOrWord(word: string): Option<string> {
  return {
    read: (reader, name) => {
      if (reader.takeWords(word)) return word
      if (reader.peek()?.kind !== 'string') throw reader.unexpected(`a text in single quotes ('…') or ${word}`, name)
      const value = readText(reader, name)
      return value.toUpperCase() === word ? word : value
    },
    print: printLiteral,
  }
}

/** A text or a number, as it was written: a version such as 3.10. */
export const version: Option<string> = {
  read: (reader, name) => {
    const token = reader.peek()
    if (token?.kind !== 'string' && token?.kind !== 'number') throw reader.unexpected("a version such as '3.11'", name)
    reader.next(name)
    return token.text
  },
  print: printLiteral,
}

/** Texts in brackets. */
export function texts(check: Option<string> = text, most = Infinity): Option<readonly string[]> {
  return {
    read: (reader, name) => {
      if (!reader.takeSymbol('(')) throw reader.unexpected("a list in brackets, as ('a', 'b')", name)
      const list: string[] = []
      while (!reader.takeSymbol(')')) {
        if (list.length > 0 && !reader.takeSymbol(',')) throw reader.unexpected(', or )', name)
        if (list.length === most) throw reader.error(reader.peek(), `${name} takes at most ${most} texts; give fewer`)
        list.push(check.read(reader, name, true))
      }
      return list
    },
    print: (list) => `(${list.map(check.print).join(', ')})`,
  }
}

/** One of a few words, with or without quotes. `aliases` are further spellings, in upper case. */
export function choice<const W extends string>(
  words: readonly W[],
  aliases: Readonly<Record<string, W>> = {},
): Option<W> {
  return {
    read: (reader, name) => {
      const value = reader.rawValue(words.join(', '), name)
      const upper = value.text.toUpperCase()
      const found = words.find((word) => word === upper) ?? (Object.hasOwn(aliases, upper) ? aliases[upper] : undefined)
      if (found === undefined) throw reader.notAmong(value, words, name)
      return found
    },
    print: (word) => (/^[A-Z_]\w*$/.test(word) ? word : printLiteral(word)),
  }
}

/** A name of one to three parts. */
export const name: Option<ObjectName> = {
  read: readNameOrText,
  print: printName,
}
