/** Every failure a user can meet has a code, one sentence that names the object, and a way out. */
export type ErrorCode =
  | 'USAGE'
  | 'LAKE_BUSY'
  | 'LAKE_NEWER'
  | 'LAKE_DAMAGED'
  | 'LAKE_CLOSED'
  | 'NOT_A_LAKE'
  | 'SETTING_INVALID'
  | 'SOURCE_MISSING'
  | 'SOURCE_UNSUPPORTED'
  | 'SOURCE_UNAVAILABLE'
  | 'SOURCE_REFUSED'
  | 'ACCESS_DENIED'
  | 'CREDENTIALS_INVALID'
  | 'CLOCK_SKEWED'
  | 'FILE_UNREADABLE'
  | 'FILE_VANISHED'
  | 'FILE_CHANGED'
  | 'FILE_TRUNCATED'
  | 'FILE_CORRUPT'
  | 'FILE_BINARY'
  | 'FILE_ARCHIVED'
  | 'TYPE_UNKNOWN'
  | 'TYPE_MISMATCH'
  | 'FORMAT_INVALID'
  | 'LINE_REJECTED'
  | 'DISK_FULL'
  | 'QUERY_INVALID'
  | 'DASHBOARD_INVALID'
  | 'DASHBOARD_MISSING'
  | 'WORKSHEET_INVALID'
  | 'WORKSHEET_MISSING'
  | 'SQL_FAILED'
  | 'SQL_REFUSED'
  | 'STATEMENT_INVALID'
  | 'STATEMENT_UNSUPPORTED'
  | 'STATEMENT_FAILED'
  | 'FUNCTION_FAILED'
  | 'PIPE_MISSING'
  | 'PIPE_PAUSED'
  | 'PIPE_BROKEN'
  | 'TASK_MISSING'
  | 'QUERY_CANCELLED'
  | 'QUERY_TIMEOUT'
  | 'BACKUP_INVALID'
  | 'PORT_OCCUPIED'
  | 'SERVER_REFUSED'
  | 'INTERNAL'

/** Codes that mean wrong usage or configuration: exit code 2. All others end with 1. */
const configurationCodes: ReadonlySet<ErrorCode> = new Set([
  'USAGE',
  'LAKE_BUSY',
  'LAKE_NEWER',
  'NOT_A_LAKE',
  'SETTING_INVALID',
  'SOURCE_MISSING',
  'SOURCE_UNSUPPORTED',
  'ACCESS_DENIED',
  'CREDENTIALS_INVALID',
  'CLOCK_SKEWED',
  'FORMAT_INVALID',
  'STATEMENT_INVALID',
  'STATEMENT_UNSUPPORTED',
  'PIPE_MISSING',
  'TASK_MISSING',
  'PORT_OCCUPIED',
])

/** A place in a text; both count from 1. */
export interface Place {
  readonly line: number
  readonly column: number
}

/** An error to show to a user: `message` is one sentence that names the object and says what to do. */
export class MillraceError extends Error {
  readonly code: ErrorCode
  /** Where in the text that was given. */
  readonly place: Place | undefined

  constructor(code: ErrorCode, message: string, cause?: unknown, place?: Place) {
    super(message, cause === undefined ? undefined : { cause })
    this.name = 'MillraceError'
    this.code = code
    this.place = place
  }

  /** Process exit code: 1 failed while running, 2 wrong usage or configuration. */
  get exitCode(): 1 | 2 {
    return configurationCodes.has(this.code) ? 2 : 1
  }
}

/** The message of whatever was thrown. */
export function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error)
}

/** The system error code (`ENOENT`, `ENOSPC`, …) of what was thrown, if it has one. */
export function systemCodeOf(error: unknown): string | undefined {
  return error instanceof Error && 'code' in error && typeof error.code === 'string' ? error.code : undefined
}
