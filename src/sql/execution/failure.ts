import { MillraceError } from '../../errors.ts'
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
