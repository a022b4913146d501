import { crc32, inflateRawSync } from 'node:zlib'
import { MillraceError, messageOf } from '../errors.ts'

/** A member that inflates to more is none of CloudWatch's, whose envelopes have at most 1 MiB. */
const maxInflated = 64 << 20
const hasCheck = 2
const hasExtra = 4
const hasName = 8
const hasComment = 16

/** Whether packed data begins. */
export function isGzip(bytes: Uint8Array): boolean {
  return bytes[0] === 0x1f && bytes[1] === 0x8b
}

/** Whether what begins with gzip data goes on behind a line end with more of it, or ends so: records that Firehose parted by new lines. False where the first member ends elsewhere. */
export function isPartedByLines(start: Uint8Array): boolean {
  try {
    const { end } = readMember('', start, 0)
    const next = behindLineEnds(start, end)
    return next > end && (next === start.length || isGzip(start.subarray(next)))
  } catch {
    return false
  }
}

/** Inflates members of gzip (RFC 1952) one after the other, with or without line ends between them. Throws FILE_TRUNCATED or FILE_CORRUPT. */
export function* inflateMembers(name: string, packed: Uint8Array): Generator<Uint8Array> {
  for (let at = behindLineEnds(packed, 0); at < packed.length;) {
    if (packed.subarray(at).every((byte) => byte === 0)) return
    const { bytes, end } = readMember(name, packed, at)
    yield bytes
    at = behindLineEnds(packed, end)
  }
}

function behindLineEnds(bytes: Uint8Array, at: number): number {
  let next = at
  while (bytes[next] === 0x0a || bytes[next] === 0x0d) next++
  return next
}

interface Member {
  readonly bytes: Buffer
  /** Where the next one may begin. */
  readonly end: number
}

function readMember(name: string, packed: Uint8Array, at: number): Member {
  if (!isGzip(packed.subarray(at)) && packed.length - at > 1) throw corrupt(name, `byte ${at} begins no gzip data`)
  const start = headerEnd(name, packed, at)
  const { buffer: bytes, read } = inflated(name, packed.subarray(start))
  const end = start + read + 8
  if (end > packed.length) throw truncated(name)
  const trailer = new DataView(packed.buffer, packed.byteOffset + start + read, 8)
  const isSame = trailer.getUint32(0, true) === crc32(bytes) && trailer.getUint32(4, true) === bytes.length % 2 ** 32
  if (!isSame) throw corrupt(name, 'its checksum is another')
  return { bytes, end }
}

/** Where a member's header ends (RFC 1952, 2.3). */
function headerEnd(name: string, packed: Uint8Array, at: number): number {
  const flags = packed[at + 3] ?? 0
  let end = at + 10
  if ((flags & hasExtra) !== 0) end += 2 + (packed[end] ?? 0) + (packed[end + 1] ?? 0) * 256
  for (const flag of [hasName, hasComment]) if ((flags & flag) !== 0) end = packed.indexOf(0, end) + 1 || Infinity
  if ((flags & hasCheck) !== 0) end += 2
  if (end >= packed.length) throw truncated(name)
  return end
}

function inflated(name: string, packed: Uint8Array): { readonly buffer: Buffer; readonly read: number } {
  try {
    const result: unknown = inflateRawSync(packed, { info: true, maxOutputLength: maxInflated })
    if (typeof result === 'object' && result !== null && 'buffer' in result && 'engine' in result) {
      const { buffer, engine } = result
      if (Buffer.isBuffer(buffer) && typeof engine === 'object' && engine !== null && 'bytesWritten' in engine)
        return { buffer, read: Number(engine.bytesWritten) }
    }
  } catch (error) {
    if (messageOf(error) === 'unexpected end of file') throw truncated(name, error)
    throw corrupt(name, messageOf(error), error)
  }
  throw new TypeError('zlib returned no information about what it read')
}

function truncated(name: string, cause?: unknown): MillraceError {
  return new MillraceError(
    'FILE_TRUNCATED',
    `${name} ends in the middle of its gzip data. Get the whole file and load again; nothing of it was loaded.`,
    cause,
  )
}

function corrupt(name: string, why: string, cause?: unknown): MillraceError {
  return new MillraceError(
    'FILE_CORRUPT',
    `${name} is damaged: its gzip data cannot be inflated (${why}). Nothing of it was loaded.`,
    cause,
  )
}
