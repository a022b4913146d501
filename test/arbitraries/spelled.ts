import * as fc from 'fast-check'
import type { Cell } from '../oracles/reading.ts'

/** A value as a line spells it, one character for each byte, and what it comes back as: null for NULL. */
export interface Spelled {
  readonly bytes: string
  readonly cell: Cell | null
}

/** A piece of text: its bytes, one character for each, and the text they are read as. */
export interface Piece {
  readonly bytes: string
  readonly text: string
}

/** A line built from values, and what those come back as. NULL columns are not among `values`. */
export interface BuiltLine {
  readonly bytes: Uint8Array
  readonly values: Record<string, Cell>
  readonly extra: Record<string, string> | null
}

export const nothing: Piece = { bytes: '', text: '' }

export function spell(text: string): Piece {
  return { bytes: Buffer.from(text, 'utf8').toString('latin1'), text }
}

export function concat(parts: readonly Piece[]): Piece {
  return { bytes: parts.map(({ bytes }) => bytes).join(''), text: parts.map(({ text }) => text).join('') }
}

/** Each byte that no well-formed sequence has a place for is read as U+FFFD. */
const badBytes = ['\xff', '\xfe', '\x80', '\xbf', '\xc0\xaf', '\xc1\x81', '\xe2\x82', '\xe0\x80\x80', '\xed\xa0\x80']
  .concat('\xf0\x9f\x98', '\xf0\x80\x80\x80', '\xf4\x90\x80\x80', '\xf5\x80\x80\x80', '\xc3')
  .map((bytes) => ({ bytes: `${bytes}x`, text: `${'\ufffd'.repeat(bytes.length)}x` }))

const wide = ['é', 'ß', '\u0080', '\u00a0', '߿', '€', '\u2028', '\ufeff', '\uffff', '漢', '😀', '𐀀', '\u{10ffff}']
const controls = ['\x01', '\t', '\x0b', '\x1b', '\x1f']
const marks = `!#$%'()*+,-./:;<>?@[]^_{|}~\\\`\x7f`.split('')

interface Alphabet {
  /** Whether control characters and bytes that are not UTF-8 belong to it. */
  readonly dirty: boolean
  /** Further pieces, taken often. */
  readonly more?: readonly string[]
  /** Characters that are left out. */
  readonly without?: string
}

/** One piece of text without spaces, quotes and `=`, unless the alphabet adds them. */
export function piece({ dirty, more = [], without = '' }: Alphabet): fc.Arbitrary<Piece> {
  const plain = [...marks, ...wide, ...(dirty ? controls : [])].filter((text) => !without.includes(text))
  return fc.oneof(
    { weight: 4, arbitrary: fc.stringMatching(/^[A-Za-z0-9]{1,6}$/).map(spell) },
    { weight: 3, arbitrary: fc.constantFrom(...plain).map(spell) },
    ...(dirty ? [{ weight: 1, arbitrary: fc.constantFrom(...badBytes) }] : []),
    ...(more.length > 0 ? [{ weight: 4, arbitrary: fc.constantFrom(...more).map(spell) }] : []),
  )
}

/** A run of pieces; may be empty where `min` is 0. */
export function pieces(alphabet: Alphabet, min = 1): fc.Arbitrary<Piece> {
  return fc.array(piece(alphabet), { minLength: min, maxLength: 8 }).map(concat)
}

/** A word that is not `-`. */
export function word(alphabet: Alphabet): fc.Arbitrary<Piece> {
  return pieces(alphabet).filter(({ bytes }) => bytes !== '-')
}

/** The value or, now and then, a bare `-`. */
export function orDash(value: fc.Arbitrary<Spelled>): fc.Arbitrary<Spelled> {
  return fc.oneof({ weight: 6, arbitrary: value }, { weight: 1, arbitrary: fc.constant({ bytes: '-', cell: null }) })
}

export function asCell({ bytes, text }: Piece): Spelled {
  return { bytes, cell: text }
}
