import type { Column, LogType } from '../../src/log-type/log-type.ts'
import { type Cells, emptyCells, type LineReader, type Reading, reject, textColumns } from './reading.ts'
import { decodeUtf8, isUtf8 } from './utf8.ts'
import type { ValueReader } from './values.ts'

const mostHeaderWords = 256

/** A place in the line: the name its value has in `extra`, or its column where the type knows the field. */
interface Place {
  readonly field: string
  readonly column: Column | undefined
}

/** "Flow logs (`fields`)" of docs/PARSING.md. */
export function fieldsReader(type: LogType, fields: readonly string[], values: ValueReader): LineReader {
  const known = new Map(
    [...textColumns(type.columns).values()].map((column) => [spelling(column.field ?? column.name), column]),
  )
  const empty = emptyCells(type.columns)
  let places = placesOf(fields, known)
  return (line) => {
    const words = line.split(' ')
    if (isHeader(words, known)) {
      places = placesOf(words, known)
      return { is: 'header' }
    }
    const fault = bytesFault(line)
    return fault === null ? readWords(withoutTimestamp(words), { ...empty }) : reject(fault, null)
  }

  function readWords(words: readonly string[], cells: Cells): Reading {
    const extra: Record<string, string> = {}
    for (const [index, { field, column }] of places.entries()) {
      const name = column?.name ?? null
      const word = words[index]
      if (word === undefined) return reject('FIELD_MISSING', name)
      if (word === '') return reject('FIELD_EMPTY', name)
      if (word === '-') continue
      if (column === undefined) {
        extra[field] = decodeUtf8(word)
        continue
      }
      const judged = values.read(column, word)
      if ('code' in judged) return reject(judged.code, name)
      cells[column.name] = judged.cell
    }
    if (words.length > places.length) return reject('FIELD_SURPLUS', null)
    return { is: 'row', row: { values: cells, extra: Object.keys(extra).length > 0 ? extra : null } }
  }
}

function spelling(field: string): string {
  return field.replaceAll('-', '_')
}

function placesOf(fields: readonly string[], known: ReadonlyMap<string, Column>): readonly Place[] {
  const spellings = fields.map(spelling)
  const places = fields.map((field, index) => {
    const isFirst = spellings.indexOf(spelling(field)) === index
    return { field, column: isFirst ? known.get(spelling(field)) : undefined }
  })
  return places.map(({ field, column }, index) => {
    const earlier = places.slice(0, index).filter((place) => place.column === undefined && place.field === field).length
    return { field: column === undefined && earlier > 0 ? `${field}_${earlier + 1}` : field, column }
  })
}

function isHeader(words: readonly string[], known: ReadonlyMap<string, Column>): boolean {
  if (words.length > mostHeaderWords) return false
  if (!words.every((word) => /^[a-z][a-z0-9_-]*$/.test(word))) return false
  const knownCount = words.filter((word) => known.has(spelling(word))).length
  return knownCount >= 1 && knownCount >= words.length / 2
}

function bytesFault(line: string): string | null {
  if (/^[ -\x7f]*$/.test(line)) return null
  if (line.includes('\0')) return 'HAS_NUL'
  if (/[^ -\xff]/.test(line)) return 'HAS_CONTROL'
  return isUtf8(line) ? null : 'NOT_UTF8'
}

function withoutTimestamp(words: readonly string[]): readonly string[] {
  const [first = ''] = words
  const isTimestamp = first.length >= 20 && first.length <= 30 && /^.{4}-.{2}-.{2}T.*Z$/.test(first)
  return isTimestamp ? words.slice(1) : words
}
