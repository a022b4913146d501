import { createWriteStream } from 'node:fs'
import { open, rename, rm, writeFile } from 'node:fs/promises'
import { basename, dirname, join } from 'node:path'
import { pipeline } from 'node:stream/promises'
import { promisify } from 'node:util'
import { createGzip, gzip } from 'node:zlib'

/** Writes one file and returns its size in bytes. A chunk is only valid until the next one is asked for. */
type WriteChunks = (path: string, chunks: Iterable<Buffer>) => Promise<number>

const compress = promisify(gzip)

/** Writes a file under a hidden name beside its place and moves it there when it is whole. Returns its size in bytes. */
export async function placeFile(path: string, write: (partPath: string) => Promise<number>): Promise<number> {
  const partPath = join(dirname(path), `.${basename(path)}.part`)
  try {
    const bytes = await write(partPath)
    await rename(partPath, path)
    return bytes
  } catch (error) {
    await rm(partPath, { force: true })
    throw error
  }
}

/** Writes chunks as they are. */
export async function writePlain(path: string, chunks: Iterable<Buffer>): Promise<number> {
  const file = await open(path, 'w')
  let bytes = 0
  try {
    for (const chunk of chunks) {
      await file.writeFile(chunk)
      bytes += chunk.length
    }
    return bytes
  } finally {
    await file.close()
  }
}

/** Compresses in zlib's threads, so that two files at once keep two processors busy. */
export function gzipWriter(level: number): WriteChunks {
  return async (path, chunks) => {
    const rest = chunks[Symbol.iterator]()
    const opening = rest.next()
    const first = opening.done === true ? Buffer.alloc(0) : Buffer.from(opening.value)
    const second = rest.next()
    if (second.done === true) {
      const packed = await compress(first, { level })
      await writeFile(path, packed)
      return packed.length
    }
    const file = createWriteStream(path)
    // The pipeline asks for the next chunk when zlib has consumed the one before: true for chunks above its 16 kB buffer.
    await pipeline(allChunks(first, second.value, rest), createGzip({ level }), file)
    return file.bytesWritten
  }
}

function* allChunks(first: Buffer, second: Buffer, rest: Iterator<Buffer>): Generator<Buffer> {
  yield first
  yield second
  for (let next = rest.next(); next.done !== true; next = rest.next()) yield next.value
}
