import type { MillraceError } from '../errors.ts'

/** Changes what is in a place. */
export interface StageWriter {
  /** Deletes objects of the place, by their URIs; gives the faults of those that are still there. */
  remove(uris: readonly string[], signal?: AbortSignal): Promise<ReadonlyMap<string, MillraceError>>
  /** What a path beneath the place's folder is called once it is there. Throws for one that would lie outside of it. */
  uriOf(path: string): string
  /** Moves a file of the spool to a path beneath the place's folder, in place of what is there. The file may be gone then. */
  put(file: string, path: string, signal?: AbortSignal): Promise<void>
}
