import { readList } from './columns.ts'
import type { NamePart, ObjectName } from './name.ts'
import type { Reader } from './reader.ts'

/** TBLPROPERTIES or SERDEPROPERTIES, in their order. */
export type Properties = Readonly<Record<string, string>>

/** A name as Hive has it: whatever its letters are, they are small ones. */
export function hiveName({ text }: NamePart): NamePart {
  const lower = text.toLowerCase()
  return { text: lower, quoted: !/^[a-z_][a-z0-9_]*$/.test(lower) }
}

/** Whether a text names a folder that can be read. */
export function isFolder(location: string): boolean {
  return /^s3:\/\/[^/]/.test(location) || /^file:\/\/\/./.test(location)
}

/** Reads `('name' = 'value', …)`. */
export function readProperties(reader: Reader): Properties {
  const found = readList(reader, (inner): [string, string] => {
    const name = readText(inner, 'a property')
    inner.expectSymbol('=')
    return [name, readText(inner, name)]
  })
  return Object.fromEntries(found)
}

/** Reads a text. Only Athena's dialect has them in double quotes. */
export function readText(reader: Reader, subject: string): string {
  const token = reader.peek()
  if (token?.kind === 'quoted')
    throw reader.error(token, `${subject} expects a text in quotes; where the script is Athena's, say --dialect athena`)
  if (token?.kind !== 'string') throw reader.unexpected(`a text in quotes`, subject)
  reader.next(subject)
  return token.text
}

const escapes: Readonly<Record<string, string>> = { '\n': '\\n', '\r': '\\r', '\t': '\\t', '\\': '\\\\', "'": "\\'" }

/** A text as Hive's grammar reads it. */
export function hiveText(text: string): string {
  const escaped = text.replaceAll(
    // eslint-disable-next-line no-control-regex
    /[\u0000-\u001f\\']/g,
    (character) => escapes[character] ?? `\\${(character.codePointAt(0) ?? 0).toString(8).padStart(3, '0')}`,
  )
  return `'${escaped}'`
}

/** A name as Hive's grammar reads it: in backquotes, so that it may be a reserved word. */
export function hiveIdentifier({ text }: NamePart): string {
  return `\`${text.replaceAll('`', '``')}\``
}

/** A name of several parts as Hive's grammar reads it. */
export function printHiveName(name: ObjectName): string {
  return name.map(hiveIdentifier).join('.')
}
