import type { ResultColumn } from '../../api.ts'
import { identifier, literal } from '../../engines/duckdb.ts'
import type { CsvForm, Writing } from './writing.ts'

/** Names of the columns of a query's rows, whatever it calls them itself. */
export function columnNames(columns: readonly ResultColumn[]): string[] {
  return columns.map((_, index) => `c${index}`)
}

/** A line of text for each row, as SQL over `columnNames`. */
export function lineOf(writing: Extract<Writing, { form: 'csv' | 'json' }>, columns: readonly ResultColumn[]): string {
  return writing.form === 'csv' ? csvLine(writing.csv, columns) : jsonLine(columns)
}

/** The line of column names. */
export function headerLine({ delimiter, enclosure }: CsvForm, columns: readonly ResultColumn[]): string {
  const names = columns.map(({ name }) =>
    enclosure === undefined ? name : `${enclosure}${name.replaceAll(enclosure, enclosure + enclosure)}${enclosure}`,
  )
  return names.join(delimiter)
}

/** One column of objects or lists gives what it holds; all others an object of the columns. */
function jsonLine(columns: readonly ResultColumn[]): string {
  const [only, second] = columns
  if (only !== undefined && second === undefined && isNested(only.type)) return "coalesce(to_json(c0)::varchar, 'null')"
  const fields = columns.map(({ name }, index) => `${literal(name)}: c${index}`)
  return `to_json({${fields.join(', ')}})::varchar`
}

function csvLine(form: CsvForm, columns: readonly ResultColumn[]): string {
  const fields = columns.map(
    ({ type }, index) => `coalesce(${fieldOf(form, type, `c${index}`)}, ${literal(form.nullText)})`,
  )
  return fields.join(` || ${literal(form.delimiter)} || `)
}

/** NULL where the value is. */
function fieldOf(form: CsvForm, type: string, column: string): string {
  const { enclosure, enclosedEscape, escape, delimiter } = form
  const text = textOf(form, type, column)
  if (enclosure !== undefined && isText(type)) {
    const inner =
      enclosedEscape === undefined
        ? replaced(text, [[enclosure, enclosure + enclosure]])
        : replaced(text, [
            [enclosedEscape, enclosedEscape + enclosedEscape],
            ...(enclosure === enclosedEscape ? [] : ([[enclosure, enclosedEscape + enclosure]] as const)),
          ])
    return `${literal(enclosure)} || ${inner} || ${literal(enclosure)}`
  }
  if (escape === undefined || /^(?:U?(?:TINY|SMALL|BIG|HUGE)INT|U?INTEGER|BOOLEAN)$/.test(type)) return text
  return replaced(text, [
    [escape, escape + escape],
    ...(delimiter === '' || delimiter === escape ? [] : ([[delimiter, escape + delimiter]] as const)),
    ['\n', `${escape}\n`],
    ['\r', `${escape}\r`],
  ])
}

/** The first is replaced first. */
function replaced(text: string, replacements: readonly (readonly [from: string, to: string])[]): string {
  return replacements.reduce((inner, [from, to]) => `replace(${inner}, ${literal(from)}, ${literal(to)})`, text)
}

function textOf({ binary }: CsvForm, type: string, column: string): string {
  if (type === 'BLOB') return { HEX: `hex(${column})`, BASE64: `base64(${column})`, UTF8: `decode(${column})` }[binary]
  return isNested(type) && type !== 'JSON' ? `to_json(${column})::varchar` : `${column}::varchar`
}

/** What Snowflake keeps as VARIANT, OBJECT or ARRAY. */
function isNested(type: string): boolean {
  return /^(?:STRUCT|MAP|UNION|JSON|VARIANT)\b|\]$/.test(type)
}

function isText(type: string): boolean {
  return isNested(type) || /^(?:VARCHAR|ENUM|BLOB|UUID|BIT)\b/.test(type)
}

/** A query's rows under names of ours. */
export function namedRows(sql: string, names: readonly string[]): string {
  return `(${sql}\n) as source(${names.map(identifier).join(', ')})`
}
