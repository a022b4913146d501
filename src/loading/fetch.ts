import { closeSync, openSync, rmSync, writeSync } from 'node:fs'
import { open } from 'node:fs/promises'
import { join } from 'node:path'
import type { FetchObject, StageObject } from '../stages/stage.ts'
import { fileError, type Source } from './file-bytes.ts'
import { MillraceError } from '../errors.ts'
import { type Patience, Watched } from './patience.ts'

/** Objects up to this size stand together in one file of the spool; a larger one has a file of its own. */
const PACKED = 1 << 20
/** Objects that one job fetches at once: most of the time is waiting. */
const AT_ONCE = 16

/** An object to fetch, with the id that its rows will carry. */
export interface Wanted {
  readonly fileId: number
  readonly object: StageObject
}

/** The bytes of a job's objects in the spool, and why others are not there. */
export interface Fetched {
  readonly sources: ReadonlyMap<number, Source>
  readonly faults: ReadonlyMap<number, MillraceError>
  /** Objects that came too slowly. */
  readonly late: ReadonlySet<number>
  /** Deletes the bytes. */
  drop(): void
}

/**
 * Brings objects into the spool. What cannot be had is a fault of that object alone; a full disk is one of the job. Without patience, slow objects are waited for.
 * Memory: `AT_ONCE` objects of `PACKED` bytes; disk: the objects.
 */
export async function fetchObjects(
  fetch: FetchObject,
  wanted: readonly Wanted[],
  spool: string,
  { signal, patience }: { readonly signal: AbortSignal | undefined; readonly patience?: Patience | undefined },
): Promise<Fetched> {
  const pack = new Pack(join(spool, `fetched-${wanted[0]?.fileId ?? 0}`))
  const sources = new Map<number, Source>()
  const faults = new Map<number, MillraceError>()
  const late = new Set<number>()
  const waiting = wanted[Symbol.iterator]()
  const watched = new Watched(signal)
  const isOver = new AbortController()
  const looking = patience === undefined ? undefined : watched.look(patience, isOver.signal)
  const run = async (): Promise<void> => {
    for (const { fileId, object } of waiting) {
      try {
        const ownPath = join(spool, `fetched-one-${fileId}`)
        const source = await watched.run((given) => bring(fetch, object, pack, ownPath, given, watched))
        if (source === undefined) late.add(fileId)
        else sources.set(fileId, source)
      } catch (error) {
        const fault = fileError(object.uri, error)
        if (fault.code === 'DISK_FULL') throw error
        faults.set(fileId, fault)
      }
    }
  }
  const drop = (): void => {
    pack.drop()
    for (const { path } of sources.values()) rmSync(path, { force: true })
  }
  try {
    const runs = await Promise.allSettled(Array.from({ length: AT_ONCE }, run))
    const failed = runs.find((one) => one.status === 'rejected')
    if (failed !== undefined) throw failed.reason
    return { sources, faults, late, drop }
  } catch (error) {
    drop()
    throw error
  } finally {
    isOver.abort()
    await looking
    pack.close()
  }
}

async function bring(
  fetch: FetchObject,
  object: StageObject,
  pack: Pack,
  ownPath: string,
  signal: AbortSignal,
  watched: Watched,
): Promise<Source> {
  if (object.size <= PACKED) return pack.add(await whole(await fetch(object, signal), object))
  const file = await open(ownPath, 'w', 0o600)
  try {
    let size = 0
    for await (const chunk of chunksOf(await fetch(object, signal))) {
      size += chunk.length
      watched.count(chunk.length)
      await file.writeFile(chunk)
    }
    return { path: ownPath, offset: 0, size: checked(object, size), modifiedMs: undefined }
  } catch (error) {
    rmSync(ownPath, { force: true })
    throw error
  } finally {
    await file.close()
  }
}

async function* chunksOf(body: Uint8Array | AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array> {
  if (body instanceof Uint8Array) yield body
  else yield* body
}

async function whole(body: Uint8Array | AsyncIterable<Uint8Array>, object: StageObject): Promise<Uint8Array> {
  const chunks: Uint8Array[] = []
  let size = 0
  for await (const chunk of chunksOf(body)) {
    chunks.push(chunk)
    size += chunk.length
    if (size > object.size) break
  }
  checked(object, size)
  return chunks.length === 1 && chunks[0] !== undefined ? chunks[0] : Buffer.concat(chunks)
}

/** Listed and fetched must be the same object. */
function checked(object: StageObject, size: number): number {
  if (size === object.size) return size
  throw new MillraceError(
    size < object.size ? 'FILE_TRUNCATED' : 'FILE_CHANGED',
    `${object.uri} came with ${size} bytes where ${object.size} were listed. Nothing of it was loaded; load again.`,
  )
}

/** A file of the spool that holds many objects, one behind the other. */
class Pack {
  private readonly path: string
  private descriptor: number | undefined
  private size = 0

  constructor(path: string) {
    this.path = path
  }

  /** Written at once: appends never mix. */
  add(bytes: Uint8Array): Source {
    this.descriptor ??= openSync(this.path, 'w', 0o600)
    const offset = this.size
    for (let at = 0; at < bytes.length;) at += writeSync(this.descriptor, bytes, at, bytes.length - at, offset + at)
    this.size += bytes.length
    return { path: this.path, offset, size: bytes.length, modifiedMs: undefined }
  }

  close(): void {
    if (this.descriptor !== undefined) closeSync(this.descriptor)
    this.descriptor = undefined
  }

  drop(): void {
    this.close()
    rmSync(this.path, { force: true })
  }
}
