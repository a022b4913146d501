import { isDiskFull } from '../engines/duckdb.ts'
import { MillraceError } from '../errors.ts'
import type { Fault } from './pending.ts'

/** Faults that are the object's own: trying the same version again helps nobody. */
const own: ReadonlySet<string> = new Set([
  'FILE_CORRUPT',
  'FILE_BINARY',
  'FILE_ARCHIVED',
  'TYPE_UNKNOWN',
  'TYPE_MISMATCH',
  'FORMAT_INVALID',
  'LINE_REJECTED',
])

/** Faults that say nothing of the object. */
const systemic: ReadonlySet<string> = new Set([
  'ACCESS_DENIED',
  'CREDENTIALS_INVALID',
  'CLOCK_SKEWED',
  'SOURCE_MISSING',
  'SOURCE_UNAVAILABLE',
  'SOURCE_REFUSED',
  'DISK_FULL',
  'LAKE_CLOSED',
  'STATEMENT_FAILED',
])

/** Whose fault a failure is. What is not known may pass. */
export function faultOf(code: string): Fault {
  return own.has(code) ? 'own' : systemic.has(code) ? 'systemic' : 'passing'
}

/** The code of whatever was thrown. */
export function codeOf(error: unknown): string {
  if (error instanceof MillraceError) return error.code
  return isDiskFull(error) ? 'DISK_FULL' : 'INTERNAL'
}
