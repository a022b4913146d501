import { MillraceError } from '../../errors.ts'
import type { Place } from './source.ts'

/** A script or statement that cannot be read, and where. Nothing of it has run. */
export class StatementError extends MillraceError {
  override readonly place: Place

  constructor(place: Place, message: string) {
    super('STATEMENT_INVALID', `line ${place.line}: ${message}`, undefined, place)
    this.place = place
  }
}
