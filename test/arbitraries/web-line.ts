import * as fc from 'fast-check'
import type { Cell } from '../oracles/reading.ts'
import { query } from './queries.ts'
import {
  asCell,
  type BuiltLine,
  concat,
  nothing,
  orDash,
  type Piece,
  pieces,
  spell,
  type Spelled,
  word,
} from './spelled.ts'
import { bigInteger, clfTime, integer } from './spelled-values.ts'

const wordAlphabet = { dirty: true, more: ['"', '=', '\\', '[', '&'] }
const quotedAlphabet = {
  dirty: true,
  without: '\\?&;#',
  more: [' ', '\\"', '\\\\', '\\x22', '] "', ' - '].map(escapedQuotes),
}

/** A line of a web server in the combined or common log format, with tokens of its own behind. */
export function webLine(): fc.Arbitrary<BuiltLine> {
  const columns = fc.record({
    remote_host: orDash(word(wordAlphabet).map(asCell)),
    ident: orDash(word(wordAlphabet).map(asCell)),
    remote_user: orDash(word(wordAlphabet).map(asCell)),
    time: orDash(clfTime().map(({ bytes, cell }) => ({ bytes: `[${bytes}]`, cell }))),
    request: quoted(uri()),
    status: orDash(integer()),
    bytes: orDash(bigInteger()),
    referer: quoted(uri()),
    user_agent: quoted(pieces(quotedAlphabet, 0)),
  })
  const more = fc.array(fc.oneof(quoted(pieces(quotedAlphabet, 0)), bareWord()), { maxLength: 4 })
  return fc
    .tuple(columns, more, fc.constantFrom(7, 8, 9, 9, 9))
    .map(([fields, further, count]) => {
      const kept = Object.entries(fields).slice(0, count)
      const surplus = count === 9 ? further : []
      const tokens = [...kept.map(([, spelled]) => spelled), ...surplus]
      return {
        line: tokens.map(({ bytes }) => bytes).join(' '),
        values: Object.fromEntries(kept.flatMap(([name, { cell }]) => (cell === null ? [] : [[name, cell] as const]))),
        extra: extraOf(surplus),
      }
    })
    .filter(({ line }) => !/\r$|^\xef\xbb\xbf/.test(line))
    .map(({ line, values, extra }) => ({ bytes: Buffer.from(line, 'latin1'), values, extra }))
}

function escapedQuotes(text: string): string {
  return text.replace(/(?<!\\)"/g, '\\"')
}

function uri(): fc.Arbitrary<Piece> {
  const parameters = fc.oneof(fc.constant(nothing), query(true))
  return fc
    .tuple(
      fc.constantFrom('GET ', '', '\\"').map(spell),
      pieces(quotedAlphabet, 0),
      parameters,
      fc.constantFrom(' HTTP/1.1', '').map(spell),
    )
    .map(concat)
}

/** A value between quotes; one that ends in a backslash would hide its closing quote. */
function quoted(text: fc.Arbitrary<Piece>): fc.Arbitrary<Spelled> {
  return orDash(
    text
      .filter(({ bytes }) => !bytes.endsWith('\\'))
      .map(({ bytes, text: value }) => {
        const cell: Cell | null = bytes === '' || bytes === '-' ? null : value
        return { bytes: `"${bytes}"`, cell }
      }),
  )
}

function bareWord(): fc.Arbitrary<Spelled> {
  return orDash(
    word(wordAlphabet)
      .filter(({ bytes }) => !bytes.startsWith('"'))
      .map(asCell),
  )
}

function extraOf(tokens: readonly Spelled[]): Record<string, string> | null {
  const entries = tokens.flatMap(({ cell }, index) =>
    cell === null ? [] : [[`field_${10 + index}`, String(cell)] as const],
  )
  return entries.length > 0 ? Object.fromEntries(entries) : null
}
