import { flowLine } from './lines.ts'

/** `flowFile(3)` as `zstd --check` packs it: one compressed block and a checksum. */
export const zstdFlowFile = Buffer.from(
  'KLUv/WSxAJUFAJJLJB9QaeIGAEZB/klotGgSIXkQYR2k2Me3JxL7TGPMJBdqxqgSFPzAYOBwEDhCkDEOJqIjn0c9ujnnaiRyjqoZgHlDHogSxjrKrCIyYWFtXRMRw4GMYzSvALzo1FwQnKI3XbX1fqn5vHoBce6VsCm5wq1r95J+LtnHzepPqbSPr1hZmxJvdWNXrHRbuN305hi/pRAMAGAUEJ4ClEEobINJu2hnoTt5QI4hHhyYaWZrSxnGC1Rr',
  'base64',
)

/** Text as a zstd frame of uncompressed blocks, without a checksum. */
export function zstdOf(text: string, blockBytes = 100_000): Buffer {
  const bytes = Buffer.from(text)
  const pieces = [Buffer.from([0x28, 0xb5, 0x2f, 0xfd, 0x00, 0x38])]
  for (let at = 0; at < bytes.length; at += blockBytes) {
    const block = bytes.subarray(at, at + blockBytes)
    const isLast = at + blockBytes >= bytes.length
    const head = Buffer.alloc(3)
    head.writeUIntLE(block.length * 8 + (isLast ? 1 : 0), 0, 3)
    pieces.push(head, block)
  }
  return Buffer.concat(pieces)
}

/** Where the blocks of such a frame end. */
export function zstdBlockEnds(frame: Buffer): number[] {
  const ends: number[] = []
  for (let at = 6; at < frame.length;) {
    at += 3 + (frame.readUIntLE(at, 3) >> 3)
    ends.push(at)
  }
  return ends
}

/** Records of more than 8 MiB, the size from which files are read as streams; `rows` of them. */
export function largeFlowText(): { readonly text: string; readonly rows: number } {
  const block = `${Array.from({ length: 1000 }, (_, index) => flowLine(index)).join('\n')}\n`
  const blocks = Math.ceil((9 << 20) / block.length)
  return { text: block.repeat(blocks), rows: blocks * 1000 }
}
