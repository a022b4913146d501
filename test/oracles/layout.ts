import type { LogType, TextForm, Token } from '../../src/log-type/log-type.ts'
import { type Cells, emptyCells, type LineReader, type Reading, reject, textColumns } from './reading.ts'
import { decodeUtf8, replaceBadBytes } from './utf8.ts'
import type { ValueReader } from './values.ts'

type Layout = Extract<TextForm, { kernel: 'layout' }>['tokens']

/** Tokens of the common log format, which lacks the last two of the combined one. */
const leastTokens = 7
const mostTokens = 256

const word = /^[^ ]+/
const quoted = /^"([^"\\]*(?:\\[^][^"\\]*)*)"/
const bracketed = /^\[([^\]]*)\]/

/** A token at the start of a text: its value (null for NULL) and how many bytes it takes, or the code of its fault. */
type Found = { readonly value: string | null; readonly length: number } | { readonly code: string }

/** "Web access logs (`layout`)" of docs/PARSING.md. */
export function layoutReader(type: LogType, tokens: Layout, values: ValueReader): LineReader {
  const columns = textColumns(type.columns)
  const empty = emptyCells(type.columns)
  const places = tokens.map(({ column, token }) => ({ token, column: columns.get(column) }))

  return (line) => (line.includes('\0') ? reject('HAS_NUL', null) : readLine(replaceBadBytes(line)))

  function readLine(line: string): Reading {
    const cells: Cells = { ...empty }
    const extra: Record<string, string> = {}
    let rest = line
    for (let index = 0; ; index += 1) {
      const place = places[index]
      const column = place?.column?.name ?? null
      if (index === mostTokens) return reject('FIELD_SURPLUS', null)
      if (rest === '') return reject(index < leastTokens ? 'FIELD_MISSING' : 'FIELD_EMPTY', column)

      const found = tokenAt(rest, place?.token ?? (rest.startsWith('"') ? 'quoted' : 'word'))
      if ('code' in found) return reject(found.code, column)
      if (found.value !== null && place?.column === undefined) extra[`field_${index + 1}`] = decodeUtf8(found.value)
      if (found.value !== null && place?.column !== undefined) {
        const judged = values.read(place.column, found.value)
        if ('code' in judged) return reject(judged.code, column)
        cells[place.column.name] = judged.cell
      }

      if (rest.length === found.length) {
        const isShort = index + 1 < leastTokens
        if (isShort) return reject('FIELD_MISSING', places[index + 1]?.column?.name ?? null)
        return { is: 'row', row: { values: cells, extra: Object.keys(extra).length > 0 ? extra : null } }
      }
      rest = rest.slice(found.length + 1)
    }
  }
}

/** What a word ends in is a space by itself; behind quotes and brackets there must be one, or the end of the line. */
function tokenAt(rest: string, token: Token): Found {
  if (/^-(?: |$)/.test(rest)) return { value: null, length: 1 }
  if (token === 'word') {
    const [found] = word.exec(rest) ?? []
    return found === undefined ? { code: 'FIELD_EMPTY' } : { value: found, length: found.length }
  }
  const [open, enclosed] = token === 'quoted' ? ['"', quoted] : ['[', bracketed]
  if (!rest.startsWith(open)) return { code: 'NOT_QUOTED' }
  const [found, inner] = enclosed.exec(rest) ?? []
  if (found === undefined || inner === undefined) return { code: 'QUOTE_OPEN' }
  if (rest.length > found.length && rest[found.length] !== ' ') return { code: 'NOT_QUOTED' }
  const isNull = inner === '-' || (inner === '' && token === 'quoted')
  return { value: isNull ? null : inner, length: found.length }
}
