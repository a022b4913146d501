/** An object that a stage lists: what identifies it, and what its path says. */
export interface StageObject {
  /** Canonical: the real path, or `s3://bucket/key`. Part of the object's identity. */
  readonly uri: string
  /** Changes whenever the content may have. Part of the object's identity. */
  readonly version: string
  /** Of a bucket that keeps versions: just this one is read. A notification tells it and a list does not, so it is no part of the identity. */
  readonly versionId?: string | undefined
  /** Bytes as stored. */
  readonly size: number
  readonly modifiedMs: number
  readonly accountId: string | undefined
  readonly region: string | undefined
  /** Epoch milliseconds of the date in the path, or of the last modification. */
  readonly dateMs: number
  /** Why its bytes cannot be read, or may not be, before they are restored. Absent where nothing is known of that, or somebody asked for just this object. */
  readonly archive?: Archive | undefined
}

/** Where an object's bytes are. */
export interface Archive {
  /** Such as `GLACIER`. */
  readonly storageClass: string
  /** False where a list does not tell, and only reading it does. */
  readonly isCertain: boolean
}

/** What of a place is listed: all logs unless more is said. */
export interface Listing {
  /** The place is a folder, and only names beneath it that begin so count: what stands behind a stage's name in a statement. */
  readonly prefix?: string | undefined
  /** Also what holds no log: hidden names, markers, `.md` files, and keys that only stand for folders. */
  readonly everything?: boolean | undefined
  /** Leaves out what keys say is of an earlier day (UTC), where that saves listing it. What says no day is listed; so are folders of this machine. */
  readonly since?: Date | undefined
}

/** Brings an object's bytes: exactly as many as were listed, of exactly that version, or an error. */
export type FetchObject = (
  object: StageObject,
  signal: AbortSignal | undefined,
) => Promise<Uint8Array | AsyncIterable<Uint8Array>>

/** A place with objects. Listing order, object times and notifications are never taken as identity. */
export interface Stage {
  /** Lists in chunks, so that millions of objects are never held at once. */
  list(signal?: AbortSignal): AsyncIterable<readonly StageObject[]>
  /** What becomes of changed objects unless the caller says otherwise. */
  readonly onChange: 'hold' | 'replace'
  /** Absent where objects are files of this machine. */
  readonly fetch?: FetchObject
}
