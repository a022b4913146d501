import * as fc from 'fast-check'
import type { LogType } from '../../src/log-type/log-type.ts'
import type { Cell } from '../oracles/reading.ts'
import { asCell, type BuiltLine, orDash, type Spelled, word } from './spelled.ts'
import { fieldValue } from './spelled-values.ts'

const timestamps = ['2026-11-20T12:00:00Z ', '2026-11-20T12:00:00.000Z ', '2026-11-20T12:00:00.123456789Z ']

/** A flow-log line of these fields, in this order. Fields that the type does not know go to `extra`. */
export function flowLine(type: LogType, fields: readonly string[]): fc.Arbitrary<BuiltLine> {
  const names = fields.map((field) => field.replaceAll('-', '_'))
  const columns = names.map((name, index) => {
    return names.indexOf(name) === index ? type.columns.find((column) => column.name === name) : undefined
  })
  const places = fields.map((field, index) => {
    const before = fields.filter((other, place) => place < index && other === field && columns[place] === undefined)
    return { field: before.length === 0 ? field : `${field}_${before.length + 1}`, column: columns[index] }
  })
  const words = places.map(({ column }) => (column === undefined ? extraWord() : fieldValue(column)))
  const timestamp = fc.oneof(
    { weight: 5, arbitrary: fc.constant('') },
    { weight: 1, arbitrary: fc.constantFrom(...timestamps) },
  )
  return fc
    .tuple(timestamp, fc.tuple(...words))
    .map(([before, spelled]) => {
      const values: Record<string, Cell> = {}
      const extra: Record<string, string> = {}
      for (const [index, { cell }] of spelled.entries()) {
        const place = places[index]
        if (place === undefined || cell === null) continue
        if (place.column === undefined) extra[place.field] = String(cell)
        else values[place.column.name] = cell
      }
      const line = before + spelled.map(({ bytes }) => bytes).join(' ')
      return { line, values, extra: Object.keys(extra).length > 0 ? extra : null }
    })
    .filter(({ line }) => !looksLikeHeader(line) && !line.startsWith('\xef\xbb\xbf'))
    .map(({ line, ...row }) => ({ bytes: Buffer.from(line, 'latin1'), ...row }))
}

function extraWord(): fc.Arbitrary<Spelled> {
  return orDash(word({ dirty: false, more: ['"', '%20', '=', '{}'] }).map(asCell))
}

function looksLikeHeader(line: string): boolean {
  return line.split(' ').every((text) => /^[a-z]/.test(text))
}
