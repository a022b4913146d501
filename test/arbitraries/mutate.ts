import { fragments, words } from './fragments.ts'
import type { SeededRandom } from './seeded-random.ts'

const bytes = Array.from('"- %=&?;[]\\/.:0129aZ_+\t\r\0\x7f\x80\xc3\xff')

type Mutation = (line: string, random: SeededRandom, others: readonly string[]) => string

const mutations: readonly Mutation[] = [
  (line, random) => splice(line, place(line, random), 1, anyByte(random)),
  (line, random) => splice(line, place(line, random), 1, anyByte(random)),
  (line, random) => splice(line, place(line, random), 0, anyByte(random)),
  (line, random) => splice(line, place(line, random), 1 + random.below(3), ''),
  (line, random) => splice(line, place(line, random), 1, ''),
  (line, random) => splice(line, place(line, random), 0, random.pick(fragments)),
  (line, random) => splice(line, place(line, random), random.below(4), random.pick(fragments)),
  (line, random) => changeWord(line, random, () => random.pick(words)),
  (line, random) => changeWord(line, random, () => random.pick(words)),
  (line, random) => changeWord(line, random, () => random.pick(fragments)),
  (line, random) => changeWord(line, random, (word) => `${random.pick(fragments)}${word}`),
  (line, random) => changeWord(line, random, (word) => `${word}${random.pick(fragments)}`),
  (line, random) => changeWord(line, random, (word) => `${word} ${random.pick(words)}`),
  (line, random) => changeWord(line, random, (word) => `${word} ${word}`),
  (line, random) => changeWord(line, random, (word) => (random.oneIn(2) ? word.toUpperCase() : word.toLowerCase())),
  (line, random) => changeWord(line, random, (word) => percentEncode(word, place(word, random))),
  dropWord,
  swapWords,
  (line, random) => line.slice(0, place(line, random)),
  (line, random) => line.slice(place(line, random)),
  (line, random, others) => spliceLines(line, random.pick(others), random),
  (line, random) => repeatPart(line, random, 1 + random.below(3)),
  (line, random) => changeDigits(line, random),
  (line, random) => `${random.pick(['2026-11-20T12:00:00.000Z ', ' ', '  ', '\t', '\xef\xbb\xbf', '- '])}${line}`,
  (line, random) => `${line}${random.pick([' ', '  ', '\t', '\r', ' -', ' "', ' "x"', ' more', '\\'])}`,
  (line, random) => (random.oneIn(200) ? repeatPart(line, random, 2000) : line),
]

/**
 * A line, as a byte string, with one to three faults or oddities. It may come out as several lines, or none.
 * Pieces of `others`, lines of the same kind, are put into it.
 */
export function mutate(random: SeededRandom, line: string, others: readonly string[]): string {
  let mutated = line
  for (let count = random.pick([1, 1, 1, 1, 2, 2, 3]); count > 0; count -= 1) {
    mutated = random.pick(mutations)(mutated, random, others)
  }
  return mutated
}

function place(line: string, random: SeededRandom): number {
  return random.below(line.length + 1)
}

function anyByte(random: SeededRandom): string {
  return random.oneIn(4) ? String.fromCharCode(random.below(256)) : (bytes[random.below(bytes.length)] ?? '')
}

function splice(line: string, start: number, removed: number, added: string): string {
  return line.slice(0, start) + added + line.slice(start + removed)
}

/** The bounds of a word, found from anywhere in the line. */
function wordAt(line: string, random: SeededRandom): { readonly start: number; readonly end: number } {
  const middle = place(line, random)
  const space = line.indexOf(' ', middle)
  return { start: middle === 0 ? 0 : line.lastIndexOf(' ', middle - 1) + 1, end: space === -1 ? line.length : space }
}

function changeWord(line: string, random: SeededRandom, change: (word: string) => string): string {
  const { start, end } = wordAt(line, random)
  return line.slice(0, start) + change(line.slice(start, end)) + line.slice(end)
}

function dropWord(line: string, random: SeededRandom): string {
  const { start, end } = wordAt(line, random)
  return line.slice(0, start) + line.slice(random.oneIn(4) ? end : end + 1)
}

function swapWords(line: string, random: SeededRandom): string {
  const [one, other] = [wordAt(line, random), wordAt(line, random)]
  const [left, right] = one.start < other.start ? [one, other] : [other, one]
  if (left.end >= right.start) return line
  const between = line.slice(left.end, right.start)
  return (
    line.slice(0, left.start) +
    line.slice(right.start, right.end) +
    between +
    line.slice(left.start, left.end) +
    line.slice(right.end)
  )
}

function spliceLines(line: string, other: string, random: SeededRandom): string {
  const cut = place(line, random)
  return line.slice(0, cut) + other.slice(random.oneIn(2) ? cut : place(other, random))
}

function repeatPart(line: string, random: SeededRandom, times: number): string {
  const start = place(line, random)
  const end = Math.min(line.length, start + 1 + random.below(40))
  return line.slice(0, end) + line.slice(start, end).repeat(times) + line.slice(end)
}

function changeDigits(line: string, random: SeededRandom): string {
  const { start } = wordAt(line, random)
  const rest = line.slice(start)
  return (
    line.slice(0, start) + rest.replace(/[0-9]+/, (digits) => (random.oneIn(2) ? digits + digits : random.pick(words)))
  )
}

function percentEncode(word: string, position: number): string {
  const hex = (word.charCodeAt(position) || 0x25).toString(16).padStart(2, '0')
  return splice(word, position, 1, `%${hex}`)
}
