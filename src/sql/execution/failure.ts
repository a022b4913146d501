import { MillraceError } from '../../errors.ts'
import type { Body } from '../statement/reader.ts'
import type { Place } from '../statement/source.ts'

/** A statement that cannot be done as things are. Whoever runs the script adds where it stands. */
export function failed(message: string): MillraceError {
  return new MillraceError('STATEMENT_FAILED', message)
}

/** The error of a statement, told of the script it stands in. */
export function failureAt(place: Place, error: unknown): unknown {
  if (!(error instanceof MillraceError)) return error
  const { line, column } = place
  const within = error.place
  const there =
    within === undefined || within.line < 1
      ? { line, column }
      : { line: line + within.line - 1, column: within.line === 1 ? column + within.column - 1 : within.column }
  // The engine shows a line of the statement; what counts is the line of the script.
  const [said = ''] = error.message.split('\n\nLINE ', 1)
  return new MillraceError(error.code, `line ${there.line}: ${said}`, error, there)
}

/** An error that points into the body of a statement, told of the statement's text. */
export function failureWithin(statement: Place, body: Body, error: unknown): unknown {
  if (!(error instanceof MillraceError) || error.place === undefined) return error
  const { line, column } = error.place
  const first = { line: body.place.line - statement.line + 1, column: columnWithin(statement, body.place) }
  const place = { line: first.line + line - 1, column: line === 1 ? first.column + column - 1 : column }
  return new MillraceError(error.code, error.message, error, place)
}

function columnWithin(statement: Place, inner: Place): number {
  return inner.line === statement.line ? inner.column - statement.column + 1 : inner.column
}
