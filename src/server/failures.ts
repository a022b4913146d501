import { type ErrorCode, MillraceError, messageOf } from '../errors.ts'

const statusOfCode = {
  USAGE: 400,
  LAKE_BUSY: 409,
  LAKE_NEWER: 500,
  LAKE_DAMAGED: 500,
  LAKE_CLOSED: 503,
  NOT_A_LAKE: 404,
  SETTING_INVALID: 400,
  SOURCE_MISSING: 404,
  SOURCE_UNSUPPORTED: 400,
  SOURCE_UNAVAILABLE: 502,
  SOURCE_REFUSED: 502,
  ACCESS_DENIED: 422,
  CREDENTIALS_INVALID: 422,
  CLOCK_SKEWED: 500,
  FILE_UNREADABLE: 422,
  FILE_VANISHED: 422,
  FILE_CHANGED: 409,
  FILE_TRUNCATED: 422,
  FILE_CORRUPT: 422,
  FILE_BINARY: 422,
  FILE_ARCHIVED: 422,
  TYPE_UNKNOWN: 422,
  TYPE_MISMATCH: 422,
  FORMAT_INVALID: 400,
  LINE_REJECTED: 422,
  DISK_FULL: 507,
  QUERY_INVALID: 500,
  DASHBOARD_INVALID: 422,
  DASHBOARD_MISSING: 404,
  WORKSHEET_INVALID: 422,
  WORKSHEET_MISSING: 404,
  SQL_FAILED: 400,
  SQL_REFUSED: 403,
  STATEMENT_INVALID: 400,
  STATEMENT_UNSUPPORTED: 400,
  STATEMENT_FAILED: 409,
  FUNCTION_FAILED: 422,
  PIPE_MISSING: 404,
  PIPE_PAUSED: 409,
  PIPE_BROKEN: 409,
  TASK_MISSING: 404,
  QUERY_CANCELLED: 503,
  QUERY_TIMEOUT: 504,
  BACKUP_INVALID: 400,
  PORT_OCCUPIED: 409,
  SERVER_REFUSED: 403,
  INTERNAL: 500,
} as const satisfies Record<ErrorCode, number>

/** What an answer says of a failure. */
export interface Failure {
  readonly code: ErrorCode
  readonly message: string
  /** The place in the text that was sent, counted from 1. */
  readonly line?: number
  readonly column?: number
}

export function isErrorCode(text: string): text is ErrorCode {
  return Object.hasOwn(statusOfCode, text)
}

/** What was thrown, as it travels. */
export function failureOf(error: unknown): Failure {
  if (!(error instanceof MillraceError)) return { code: 'INTERNAL', message: messageOf(error) }
  const { code, message, place } = error
  return { code, message, ...(place === undefined ? {} : { line: place.line, column: place.column }) }
}

/** The HTTP status of a failure. */
export function statusOf(failure: Failure): (typeof statusOfCode)[ErrorCode] {
  return statusOfCode[failure.code]
}
