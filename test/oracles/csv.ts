import type { CsvFormat } from '../../src/loading/text/text-format.ts'

/** What should become of a file: values of rows, and rejects by their reason. Lines count from 1. */
export interface CsvReading {
  readonly rows: readonly { readonly line: number; readonly values: readonly (string | null)[] }[]
  readonly rejects: readonly { readonly line: number; readonly raw: string; readonly code: string }[]
}

/** Text as a regular expression that matches it alone. */
function quoted(text: string): string {
  return text.replaceAll(/[\\^$.*+?()[\]{}|/-]/g, String.raw`\$&`)
}

const never = '(?!)'

function patterns(format: CsvFormat) {
  const { enclosure, fieldDelimiter, recordDelimiter, trims } = format
  const escape = format.escape === enclosure ? null : format.escape
  const plainEscape = escape ?? format.escapeUnenclosed
  const field = fieldDelimiter === null ? never : quoted(fieldDelimiter)
  const record =
    recordDelimiter === 'line' ? String.raw`\r?\n` : recordDelimiter === null ? never : quoted(recordDelimiter.text)
  const enclose = enclosure === null ? never : quoted(enclosure)
  const within = escape === null ? never : quoted(escape)
  const outside = plainEscape === null ? never : quoted(plainEscape)
  const pair = recordDelimiter === 'line' ? String.raw`\r\n|` : ''
  const delimiters = `${fieldDelimiter?.[0] ?? ''}${recordDelimiter === 'line' || recordDelimiter === null ? '' : (recordDelimiter.text[0] ?? '')}`
  const blanks = [' ', '\t'].filter((blank) => !delimiters.includes(blank)).join('')
  const inner = `(?:${within}[^]|${enclose}${enclose}|(?!${enclose}|${within}${format.multiLine ? '' : `|${record}`})[^])*`
  return {
    blanks: new RegExp(trims && blanks !== '' ? `[${blanks}]*` : '', 'y'),
    // A group that gives nothing back: a doubled enclosure is never the end.
    enclosed: new RegExp(String.raw`${enclose}(?=(${inner}))\1${enclose}`, 'y'),
    open: new RegExp(`${enclose}${inner}`, 'y'),
    plain: new RegExp(`(?:${outside}(?:${pair}[^]|$)|(?!${field}|${record}|${outside})[^])*`, 'y'),
    field: new RegExp(field, 'y'),
    record: new RegExp(record, 'y'),
    nextRecord: new RegExp(record, 'g'),
    within: new RegExp(`${within}([^])|${enclose}(${enclose})`, 'g'),
    outside: new RegExp(`${outside}([^])`, 'g'),
    trailing: new RegExp(trims && blanks !== '' ? `(?<!${outside})[${blanks}]+$` : '$'),
  }
}

/** Reads CSV by regular expressions, field by field: slow, and another way than the reader's. */
export function readCsv(text: string, format: CsvFormat, columns: number): CsvReading {
  const by = patterns(format)
  const rows: { line: number; values: (string | null)[] }[] = []
  const rejects: { line: number; raw: string; code: string }[] = []
  const match = (pattern: RegExp, from: number): RegExpExecArray | null => {
    pattern.lastIndex = from
    return pattern.exec(text)
  }
  let at = 0
  for (let left = format.skipHeader; left > 0; left--)
    at = text.indexOf('\n', at) < 0 ? text.length : text.indexOf('\n', at) + 1
  while (at < text.length) at = readRecord(at)
  return { rows, rejects }

  function readRecord(start: number): number {
    const line = text.slice(0, start).split('\n').length
    const endFrom = (from: number): { content: number; next: number } => {
      const found = match(by.nextRecord, from)
      return found === null
        ? { content: text.length, next: text.length }
        : { content: found.index, next: found.index + found[0].length }
    }
    const reject = (code: string, { content, next }: { content: number; next: number }): number => {
      rejects.push({ line, raw: text.slice(start, content), code })
      return next
    }
    const values: (string | null)[] = []
    let isBroken = false
    for (let from = start; ;) {
      const first = from + (match(by.blanks, from)?.[0].length ?? 0)
      let behind
      const enclosed = match(by.enclosed, first)
      if (enclosed !== null) {
        values.push(valueOf((enclosed[1] ?? '').replaceAll(by.within, '$1$2')))
        behind = first + enclosed[0].length
        behind += match(by.blanks, behind)?.[0].length ?? 0
      } else if (match(by.open, first) !== null) {
        const stop = first + (match(by.open, first)?.[0].length ?? 0)
        if (!format.multiLine && match(by.record, stop) !== null) return reject('MULTI_LINE', endFrom(stop))
        return reject('QUOTE_OPEN', endFrom(start))
      } else {
        const raw = match(by.plain, first)?.[0] ?? ''
        behind = first + raw.length
        values.push(plainValue(raw.replace(by.trailing, '')))
      }
      if (match(by.field, behind) === null && match(by.record, behind) === null && behind < text.length) {
        isBroken = true
        behind += match(by.plain, behind)?.[0].length ?? 0
      }
      const field = match(by.field, behind)
      if (field !== null) {
        from = behind + field[0].length
        continue
      }
      const record = match(by.record, behind)
      const end = { content: behind, next: behind + (record?.[0].length ?? 0) }
      if (isBroken) return reject('NOT_DELIMITED', end)
      const content = text.slice(start, behind)
      if (content === '' || (format.trims && values.length === 1 && content.replace(by.trailing, '') === '')) {
        if (format.skipsBlankLines) return end.next
        return reject('BLANK_LINE', end)
      }
      if (format.checksCount && values.length !== columns)
        return reject(values.length < columns ? 'FIELD_MISSING' : 'FIELD_SURPLUS', end)
      rows.push({ line, values: Array.from({ length: columns }, (_, index) => values[index] ?? null) })
      return end.next
    }
  }

  function valueOf(value: string): string | null {
    return format.nullIf.includes(value) ? null : value
  }

  function plainValue(raw: string): string | null {
    if (raw === '' && format.emptyIsNull) return null
    return format.nullIf.includes(raw) ? null : valueOf(raw.replaceAll(by.outside, '$1'))
  }
}
