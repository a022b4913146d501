import type { LogType } from '../../src/log-type/log-type.ts'
import { readGoldens } from '../golden/read-goldens.ts'
import { mutate } from './mutate.ts'
import { type SeededRandom, seededRandom } from './seeded-random.ts'

/** Good lines that are read in the same way: all those of one format, below their header where there is one. */
interface Block {
  readonly header: string | null
  readonly lines: readonly string[]
}

/** In lines of fewer fields than this nearly every mutation makes a new word for an enum column. */
const leastFields = 4

const blocksByType = new Map<string, readonly Block[]>()

/**
 * A file of about so many lines, most of them spoilt, made from the good lines of the goldens of a type. The same seed
 * gives the same bytes. At up to 2,000 lines no enum column comes near its limit of different values.
 */
export function mutatedFile(type: LogType, seed: number, lines: number): Uint8Array {
  const random = seededRandom(seed)
  const blocks = blocksOf(type)
  const headed = blocks.filter(({ header }) => header !== null)
  const lineEnd = random.oneIn(8) ? '\r\n' : '\n'
  let block = random.pick(blocks)
  const written = block.header === null ? [] : [block.header]
  while (written.length < lines) {
    if (headed.length > 0 && random.oneIn(100)) {
      block = random.pick(headed)
      written.push(headerLine(block, random))
    }
    if (random.oneIn(100)) written.push(random.pick(['', ' ', '\t\r', '\r']))
    const line = random.pick(block.lines)
    written.push(random.oneIn(10) ? line : mutate(random, line, block.lines))
  }
  const start = random.oneIn(10) ? '\xef\xbb\xbf' : ''
  return Buffer.from(start + written.join(lineEnd) + (random.oneIn(2) ? lineEnd : ''), 'latin1')
}

function headerLine({ header, lines }: Block, random: SeededRandom): string {
  return random.oneIn(10) ? mutate(random, header ?? '', lines) : (header ?? '')
}

function blocksOf(type: LogType): readonly Block[] {
  const known = blocksByType.get(type.name)
  if (known !== undefined) return known
  const found = readGoldens()
    .filter((golden) => golden.type === type && golden.expected.format === undefined)
    .flatMap(({ bytes, expected }) => blocksIn(bytes, new Set(expected.rows.map(({ line }) => line))))
  const blocks = mergedBlocks(found)
  blocksByType.set(type.name, blocks)
  return blocks
}

function blocksIn(bytes: Uint8Array, rowLines: ReadonlySet<number>): readonly Block[] {
  const blocks: Block[] = []
  let header: string | null = null
  let good: string[] = []
  const texts = Buffer.from(bytes)
    .toString('latin1')
    .replace(/^\xef\xbb\xbf/, '')
    .split(/\r?\n/)
  for (const [index, text] of texts.entries()) {
    if (rowLines.has(index + 1)) good.push(text)
    if (/^[a-z]\S*(?: [a-z]\S*)*$/.test(text) && !rowLines.has(index + 1)) {
      close()
      header = text
    }
  }
  close()
  return blocks

  function close(): void {
    if (good.length > 0) blocks.push({ header, lines: good })
    good = []
  }
}

/** Blocks of lines without header are one. */
function mergedBlocks(blocks: readonly Block[]): readonly Block[] {
  const lines = blocks.filter(({ header }) => header === null).flatMap((block) => block.lines)
  const headed = blocks.filter(({ header }) => header !== null && header.split(' ').length >= leastFields)
  return lines.length > 0 ? [{ header: null, lines }, ...headed] : headed
}
