import { closeSync, constants, createReadStream, fstatSync, openSync, readSync } from 'node:fs'
import { createBrotliDecompress, createGunzip, createInflate, createInflateRaw, gunzipSync } from 'node:zlib'
import { MillraceError, messageOf, systemCodeOf } from '../errors.ts'
import { inflateMembers, isGzip, isPartedByLines } from './gzip-members.ts'
import { unzstd } from './zstd.ts'

/** Files up to this size are read whole, then inflated whole unless they swell beyond `MAX_INFLATED`. */
const MAX_WHOLE = 8 << 20
const MAX_INFLATED = 64 << 20
const CHUNK = 1 << 20
/** Records that Firehose packs once more, or parts by new lines, are taken apart in memory; its objects have at most 128 MiB. */
const MAX_MEMBERS = 256 << 20

/** Holds the file that is being read, so that reading many makes no garbage: one file at a time in each thread. */
let shared = Buffer.allocUnsafeSlow(CHUNK)

function sharedBuffer(size: number): Buffer {
  if (shared.length < size) shared = Buffer.allocUnsafeSlow(MAX_WHOLE)
  return shared.subarray(0, size)
}

/** How a file is packed, told from its first bytes; names lie. */
export type Packing = 'plain' | 'gzip' | 'zstd' | 'parquet' | Untold

/** What a file's bytes do not tell: it must be said. */
type Untold = 'brotli' | 'deflate' | 'raw-deflate'

/** How a file is said to be packed. */
export type DeclaredPacking = Exclude<Packing, 'parquet'>

/** A file opened for reading: what it is, and its unpacked bytes in chunks that are valid until the next one. */
export interface OpenedFile {
  readonly packing: Packing
  readonly size: number
  readonly chunks: Iterable<Uint8Array> | AsyncIterable<Uint8Array>
}

function packingOf(bytes: Uint8Array): Packing {
  if (isGzip(bytes)) return 'gzip'
  if (bytes[0] === 0x28 && bytes[1] === 0xb5 && bytes[2] === 0x2f && bytes[3] === 0xfd) return 'zstd'
  return bytes.length >= 8 && Buffer.from(bytes.buffer, bytes.byteOffset, 4).toString('latin1') === 'PAR1'
    ? 'parquet'
    : 'plain'
}

/** False where another file is missing, such as one of Millrace's own. */
function isAbout(path: string, error: unknown): boolean {
  return !(error instanceof Error && 'path' in error) || error.path === path
}

/** What a failing system call means for the file it was about. */
export function fileError(path: string, error: unknown): MillraceError {
  if (error instanceof MillraceError) return error
  const code = systemCodeOf(error)
  if (code === 'ENOENT' && isAbout(path, error))
    return new MillraceError(
      'FILE_VANISHED',
      `${path} is gone: it was listed, and no longer there when it was to be read. Load again when it is back.`,
      error,
    )
  if (code === 'ENOSPC')
    return new MillraceError(
      'DISK_FULL',
      `No space is left for ${path} in the lake's spool. Free some and load again; nothing of this file was loaded.`,
      error,
    )
  if (code?.startsWith('Z_') === true) return unpackError(path, 'gzip', error)
  return new MillraceError(
    'FILE_UNREADABLE',
    `${path} cannot be read (${messageOf(error)}). Check its permissions and load again.`,
    error,
  )
}

function unpackError(path: string, packing: Packing, error: unknown): MillraceError {
  if (systemCodeOf(error) === 'Z_BUF_ERROR')
    return new MillraceError(
      'FILE_TRUNCATED',
      `${path} ends in the middle of its ${packing} data. Get the whole file and load again; nothing of it was loaded.`,
      error,
    )
  return new MillraceError(
    'FILE_CORRUPT',
    `${path} is damaged: its ${packing} data cannot be inflated (${messageOf(error)}). Nothing of it was loaded.`,
    error,
  )
}

/** Where the bytes of an object lie. */
export interface Source {
  readonly path: string
  /** First byte of the object; a file of the spool can hold many. */
  readonly offset: number
  readonly size: number
  /** As listed; undefined for a copy in the spool, which nobody else writes. */
  readonly modifiedMs: number | undefined
}

/**
 * Opens an object when the one before has been read; a file that changed since it was listed is refused, since its version would be wrong. `name` is for
 * messages; a file that is not packed as `declared` is refused.
 */
export function openFile(name: string, source: Source, declared?: DeclaredPacking): OpenedFile {
  const { path, offset, size } = source
  // Not to wait for a writer where the path is a pipe.
  const descriptor = openSync(path, constants.O_RDONLY | constants.O_NONBLOCK)
  let isOurs = true
  try {
    if (source.modifiedMs !== undefined) checkUnchanged(name, descriptor, size, source.modifiedMs)
    const first = sharedBuffer(Math.min(size, size <= MAX_WHOLE ? MAX_WHOLE : CHUNK)).subarray(0, size)
    const read = readFully(descriptor, first, offset)
    const seen = packingOf(first.subarray(0, read))
    const packing = size === 0 ? seen : checkedPacking(name, seen, declared)
    if (isUntold(packing)) return { packing, size, chunks: inflateStream(name, source, packing) }
    if (packing === 'parquet') return { packing, size, chunks: [] }
    if (read === size && size <= MAX_WHOLE) {
      const whole = first.subarray(0, read)
      if (packing === 'plain') return { packing, size, chunks: [whole] }
      if (packing === 'zstd') return { packing, size, chunks: unzstd(name, [whole]) }
      const inflated = inflateWhole(name, whole)
      const isPackedAgain = inflated === undefined || isGzip(inflated[0] ?? whole.subarray(whole.length))
      const chunks = inflated ?? inflateStream(name, source, packing)
      return { packing, size, chunks: isPackedAgain ? inflateAgain(name, chunks) : chunks }
    }
    if (packing === 'gzip') {
      const isParted = size <= MAX_MEMBERS && isPartedByLines(first.subarray(0, read))
      const chunks = isParted
        ? inflateMembers(name, readPart(path, offset, size))
        : inflateStream(name, source, packing)
      return { packing, size, chunks: inflateAgain(name, chunks) }
    }
    isOurs = false
    const raw = rest(name, descriptor, first.subarray(0, read), source)
    return { packing, size, chunks: packing === 'zstd' ? unzstd(name, raw) : raw }
  } finally {
    if (isOurs) closeSync(descriptor)
  }
}

function isUntold(packing: Packing): packing is Untold {
  return packing === 'brotli' || packing === 'deflate' || packing === 'raw-deflate'
}

function checkedPacking(name: string, seen: Packing, declared: DeclaredPacking | undefined): Packing {
  if (declared === undefined || declared === seen || isUntold(declared)) return declared ?? seen
  throw new MillraceError(
    'TYPE_MISMATCH',
    `${name} is said to be ${declared} and is ${seen}. Nothing of it was loaded; correct COMPRESSION, or leave it out.`,
  )
}

function checkUnchanged(name: string, descriptor: number, size: number, modifiedMs: number): void {
  const stats = fstatSync(descriptor)
  if (!stats.isFile()) throw new MillraceError('FILE_UNREADABLE', `${name} is not a regular file.`)
  if (stats.size !== size || Math.floor(stats.mtimeMs) !== Math.floor(modifiedMs)) throw changed(name)
}

function changed(path: string): MillraceError {
  return new MillraceError('FILE_CHANGED', `${path} changed while it was being loaded. Load again when it is complete.`)
}

function readFully(descriptor: number, into: Buffer, position: number): number {
  let total = 0
  while (total < into.length) {
    const read = readSync(descriptor, into, total, into.length - total, position + total)
    if (read === 0) break
    total += read
  }
  return total
}

function* rest(name: string, descriptor: number, first: Buffer, { offset, size }: Source): Generator<Uint8Array> {
  try {
    let total = first.length
    yield first
    const chunk = Buffer.allocUnsafe(CHUNK)
    for (;;) {
      const read = readFully(descriptor, chunk, offset + total)
      if (read === 0) break
      total += read
      yield chunk.subarray(0, read)
    }
    if (total !== size) throw changed(name)
  } finally {
    closeSync(descriptor)
  }
}

/** A part of a file, whole. */
export function readPart(path: string, offset: number, size: number): Buffer {
  const descriptor = openSync(path, 'r')
  try {
    const bytes = Buffer.allocUnsafe(size)
    return bytes.subarray(0, readFully(descriptor, bytes, offset))
  } finally {
    closeSync(descriptor)
  }
}

/** What is packed twice, as by Firehose whose records are packed already, is inflated once more. */
async function* inflateAgain(
  name: string,
  chunks: Iterable<Uint8Array> | AsyncIterable<Uint8Array>,
): AsyncGenerator<Uint8Array> {
  let isPacked: boolean | undefined
  const held: Uint8Array[] = []
  let size = 0
  for await (const chunk of chunks) {
    isPacked ??= isGzip(chunk)
    if (!isPacked) {
      yield chunk
      continue
    }
    size += chunk.length
    if (size > MAX_MEMBERS)
      throw new MillraceError(
        'FILE_CORRUPT',
        `${name} is gzip data within gzip data, of more than ${MAX_MEMBERS} bytes. Inflate it once, and load that.`,
      )
    held.push(Buffer.from(chunk))
  }
  if (isPacked === true) yield* inflateMembers(name, Buffer.concat(held))
}

/** The whole inflated file , or undefined when it is too large to be held. */
function inflateWhole(path: string, packed: Buffer): readonly Uint8Array[] | undefined {
  // The last four bytes give the length, of the last member only: a hint.
  const length = packed.length < 18 ? 0 : packed.readUInt32LE(packed.length - 4)
  const chunkSize = Math.min(Math.max(length + 1, 1 << 10), 16 << 20)
  try {
    const { buffer, engine } = inflateWithInfo(packed, chunkSize)
    checkTrailing(path, 'gzip', packed.subarray(engine.bytesWritten))
    return [buffer]
  } catch (error) {
    if (systemCodeOf(error) === 'ERR_BUFFER_TOO_LARGE') return undefined
    if (isPartedByLines(packed)) return [...inflateMembers(path, packed)]
    throw error
  }
}

function inflateWithInfo(packed: Buffer, chunkSize: number): { buffer: Buffer; engine: { bytesWritten: number } } {
  const result: unknown = gunzipSync(packed, { chunkSize, maxOutputLength: MAX_INFLATED, info: true })
  if (typeof result === 'object' && result !== null && 'buffer' in result && 'engine' in result) {
    const { buffer, engine } = result
    if (Buffer.isBuffer(buffer) && typeof engine === 'object' && engine !== null && 'bytesWritten' in engine) {
      return { buffer, engine: { bytesWritten: Number(engine.bytesWritten) } }
    }
  }
  throw new TypeError('zlib returned no information about what it read')
}

/** Zero padding after packed data is harmless; anything else would be lost without a word. */
function checkTrailing(path: string, packing: Packing, trailing: Buffer): void {
  if (trailing.some((byte) => byte !== 0)) {
    throw new MillraceError(
      'FILE_CORRUPT',
      `${path} has ${trailing.length} bytes after its ${packing} data that are not ${packing}. Nothing of it was loaded.`,
    )
  }
}

/** The same for what follows from `start` on, however long it is. */
function checkTail(name: string, packing: Packing, { path, offset, size }: Source, start: number): void {
  const descriptor = openSync(path, 'r')
  try {
    const chunk = Buffer.allocUnsafe(CHUNK)
    for (let at = start; at < size;) {
      const read = readSync(descriptor, chunk, 0, Math.min(chunk.length, size - at), offset + at)
      if (read === 0) return
      checkTrailing(name, packing, chunk.subarray(0, read))
      at += read
    }
  } finally {
    closeSync(descriptor)
  }
}

const unpackers = {
  gzip: createGunzip,
  brotli: createBrotliDecompress,
  deflate: createInflate,
  'raw-deflate': createInflateRaw,
}

async function* inflateStream(
  name: string,
  source: Source,
  packing: keyof typeof unpackers,
): AsyncGenerator<Uint8Array> {
  const { path, offset, size } = source
  const packed = createReadStream(path, { start: offset, end: offset + size - 1, highWaterMark: CHUNK })
  const unpacker = unpackers[packing]({ chunkSize: CHUNK })
  packed.on('error', (error) => unpacker.destroy(error))
  packed.pipe(unpacker)
  try {
    for await (const chunk of unpacker) if (chunk instanceof Uint8Array) yield chunk
    if (unpacker.bytesWritten < size) checkTail(name, packing, source, unpacker.bytesWritten)
  } catch (error) {
    throw /^(Z_|ERR_(_|BROTLI))/.test(systemCodeOf(error) ?? '') ? unpackError(name, packing, error) : error
  } finally {
    packed.destroy()
    unpacker.destroy()
  }
}
