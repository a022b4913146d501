import { Decompress } from 'fzstd'
import xxhash from 'xxhash-wasm'
import { MillraceError, messageOf } from '../errors.ts'

// RFC 8878 section 3.1: frames of blocks, and skippable frames.
const FRAME_MAGIC = 0xfd2fb528
const SKIPPABLE_MAGIC = 0x184d2a50
const BLOCK_RLE = 1

/** Compressed bytes given to the decoder at once: each gives back what it can before more is taken in. */
const STEP = 65_536

const hashing = await xxhash()

/** Unpacks zstd, frame by frame. The checksum at the end of a frame is checked here, since the decoder passes over it. */
export function* unzstd(path: string, packed: Iterable<Uint8Array>): Generator<Uint8Array> {
  const input = new Input(packed)
  while (!input.isAtEnd()) {
    const magic = readNumber(input.take(path, 4))
    if (magic === FRAME_MAGIC) yield* unpackFrame(path, input)
    else if (Math.floor(magic / 16) * 16 === SKIPPABLE_MAGIC) skip(path, input, readNumber(input.take(path, 4)))
    else throw corrupt(path, 'what follows is no zstd frame')
  }
}

function* unpackFrame(path: string, input: Input): Generator<Uint8Array> {
  let ready: Uint8Array[] = []
  const hash = hashing.create64()
  const decoder = new Decompress((chunk) => {
    hash.update(chunk)
    ready.push(chunk)
  })
  const push = (bytes: Uint8Array, isLast = false): Uint8Array[] => {
    try {
      decoder.push(bytes, isLast)
    } catch (error) {
      throw /unexpected EOF/i.test(messageOf(error)) ? truncated(path) : corrupt(path, messageOf(error))
    }
    const result = ready
    ready = []
    return result
  }
  const magic = Buffer.alloc(4)
  magic.writeUInt32LE(FRAME_MAGIC)
  const descriptor = input.take(path, 1)
  const flags = descriptor[0] ?? 0
  yield* push(Buffer.concat([magic, descriptor, input.take(path, restOfHeader(flags))]))
  for (let isLast = false; !isLast;) {
    const head = input.take(path, 3)
    const word = readNumber(head)
    isLast = (word & 1) === 1
    yield* push(head)
    for (let left = ((word >> 1) & 3) === BLOCK_RLE ? 1 : word >> 3; left > 0;) {
      const bytes = input.take(path, Math.min(left, STEP))
      left -= bytes.length
      yield* push(bytes)
    }
  }
  const hasChecksum = (flags & 4) !== 0
  const checksum = input.take(path, hasChecksum ? 4 : 0)
  yield* push(checksum, true)
  if (hasChecksum && readNumber(checksum) !== Number(hash.digest() & 0xffffffffn))
    throw corrupt(path, 'its checksum is another')
}

/** Bytes of a frame header behind its descriptor: window, dictionary id and content size, each present or not. */
function restOfHeader(flags: number): number {
  const isSingleSegment = (flags & 32) !== 0
  const contentSize = [isSingleSegment ? 1 : 0, 2, 4, 8][flags >> 6] ?? 0
  return (isSingleSegment ? 0 : 1) + ([0, 1, 2, 4][flags & 3] ?? 0) + contentSize
}

function skip(path: string, input: Input, bytes: number): void {
  for (let left = bytes; left > 0; left -= Math.min(left, STEP)) input.take(path, Math.min(left, STEP))
}

function readNumber(bytes: Uint8Array): number {
  return bytes.reduceRight((value, byte) => value * 256 + byte, 0)
}

/** Packed bytes as they come in chunks, taken in pieces that are copies. */
class Input {
  private readonly chunks: Iterator<Uint8Array, unknown>
  private chunk: Uint8Array = new Uint8Array(0)
  private at = 0

  constructor(packed: Iterable<Uint8Array>) {
    this.chunks = packed[Symbol.iterator]()
  }

  isAtEnd(): boolean {
    while (this.at === this.chunk.length) {
      const next = this.chunks.next()
      if (next.done === true) return true
      this.chunk = next.value
      this.at = 0
    }
    return false
  }

  take(path: string, length: number): Uint8Array {
    const taken = new Uint8Array(length)
    for (let filled = 0; filled < length;) {
      if (this.isAtEnd()) throw truncated(path)
      const piece = this.chunk.subarray(this.at, this.at + length - filled)
      taken.set(piece, filled)
      filled += piece.length
      this.at += piece.length
    }
    return taken
  }
}

function truncated(path: string): MillraceError {
  return new MillraceError(
    'FILE_TRUNCATED',
    `${path} ends in the middle of its zstd data. Get the whole file and load again; nothing of it was loaded.`,
  )
}

function corrupt(path: string, what: string): MillraceError {
  return new MillraceError(
    'FILE_CORRUPT',
    `${path} is damaged: its zstd data cannot be unpacked (${what}). Nothing of it was loaded.`,
  )
}
