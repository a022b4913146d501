import type { Result } from '../api/query.ts'
import { fullNumber, type Manner, plainText, shownValue } from '../text/figures.ts'
import { isNumeric, isTemporal } from './columns.ts'

type Column = Result['columns'][number]

/** The class of a cell, by the type of its column. */
export function cellClass(type: string): 'number' | 'time' | 'text' {
  if (isNumeric(type)) return 'number'
  return isTemporal(type) ? 'time' : 'text'
}

/** Ports, statuses and ids are numbers by which nobody counts: no separators in them. */
const plain = /(port|status|version|_id|year|protocol|flags|line)$/i

/** A value as it stands in a table, cut to a length. */
export function shownCell(column: Column, value: unknown, manner: Manner, most: number): string {
  if (typeof value === 'bigint' && !plain.test(column.name)) return fullNumber(value, undefined, manner.language)
  if (typeof value !== 'number' || plain.test(column.name)) return shownValue(value, manner, most)
  const isRounded = !Number.isInteger(value) && Math.abs(value) < 1e-4
  return isRounded ? plainText(value) : fullNumber(value, undefined, manner.language)
}
