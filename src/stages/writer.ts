import type { MillraceError } from '../errors.ts'

/** Changes what is in a place. */
export interface StageWriter {
  /** Deletes objects of the place, by their URIs; gives the faults of those that are still there. */
  remove(uris: readonly string[], signal?: AbortSignal): Promise<ReadonlyMap<string, MillraceError>>
}
