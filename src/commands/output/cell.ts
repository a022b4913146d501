import { stringifyJson } from '../../server/json.ts'

/** A value as text: nested ones as JSON, NULL as the given word. */
export function cellText(value: unknown, nullText: string): string {
  if (typeof value === 'string') return value
  if (value === null || value === undefined) return nullText
  if (typeof value === 'number' || typeof value === 'bigint' || typeof value === 'boolean') return String(value)
  return stringifyJson(value)
}

/** The value of a row in a column. */
export function valueIn(row: object, column: string): unknown {
  return Reflect.get(row, column)
}
