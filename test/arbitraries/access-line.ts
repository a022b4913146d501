import * as fc from 'fast-check'
import s3AccessLogs from '../../src/log-types/s3-access-logs.ts'
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
import { address, bigInteger, clfTime, enumWord, integer, isText, percentEncoded } from './spelled-values.ts'

/** Ends of the six words behind a request-URI, where the URI does not end. */
const imitations = [
  '" 200 - 1 2 3 4 "x',
  '" 404 NoSuchKey 0 - 0 0 "',
  '" - - - - - - ',
  '" 200 - 1 2 3',
  '" 99 - 1 2 3 4 ',
]
const uriPieces = ['"', '""', ' ', '/', 'GET', ' HTTP/1.1', 'HTTP/1.1', ' HTTP/2', '\\', '%20', ...imitations]
const refererPieces = ['"', ' ', '""', 'https://example.com/', ...imitations]
const agentPieces = ['"', ' ', '" "', '"-" ', '\\"', 'Mozilla/5.0', '(', ')', ' - ', ...imitations]

const textAlphabet = { dirty: true, more: ['"', '%20', '=', '['] }
const tailAlphabet = { dirty: true, more: ['=', '%'] }

interface Requester {
  readonly requester: Spelled
  readonly requestid: Spelled
  readonly operation: Spelled
}

/** An S3 server access log line whose fields the rules of docs/PARSING.md find without doubt. */
export function accessLine(): fc.Arbitrary<BuiltLine> {
  const left = fc.record({
    bucketowner: orDash(word(textAlphabet).map(asCell)),
    bucket_name: orDash(word(textAlphabet).map(asCell)),
    requestdatetime: clfTime().map(({ bytes, cell }) => ({ bytes: `[${bytes}]`, cell })),
    remoteip: orDash(address()),
  })
  const middle = fc.record({
    httpstatus: orDash(
      fc.integer({ min: 0, max: 999 }).map((cell) => ({ bytes: String(cell).padStart(3, '0'), cell })),
    ),
    errorcode: orDash(word(textAlphabet).map(asCell)),
    bytessent: orDash(bigInteger()),
    objectsize: orDash(bigInteger()),
    totaltime: orDash(integer()),
    turnaroundtime: orDash(integer()),
  })
  const right = fc.record({ referrer: referer(), useragent: userAgent() })
  return fc
    .tuple(left, requester(), key(), requestUri(), middle, right, tail())
    .map(([owner, asking, object, uri, numbers, clients, { tailFields, extra }]) => {
      const before = { ...owner, ...asking, key: object.key }
      const fields = { ...before, request_uri: uri, ...numbers, ...clients, ...tailFields }
      const rest = spelling({ request_uri: uri, ...numbers, ...clients, ...tailFields }) + extra.bytes
      const spelled: Record<string, Cell | null> = { object_key: object.decoded }
      for (const [name, { cell }] of Object.entries(fields)) spelled[name] = cell
      return { line: `${spelling(before)} ${rest}`, rest, uri, values: withoutNulls(spelled), extra: extra.values }
    })
    .filter(({ line, rest, uri }) => endsFirst(uri.bytes, rest) && !/\r$|^\xef\xbb\xbf/.test(line))
    .map(({ line, values, extra }) => ({ bytes: Buffer.from(line, 'latin1'), values, extra }))
}

function spelling(fields: Readonly<Record<string, Spelled>>): string {
  return Object.values(fields)
    .map(({ bytes }) => bytes)
    .join(' ')
}

function withoutNulls(cells: Readonly<Record<string, Cell | null>>): Record<string, Cell> {
  return Object.fromEntries(
    Object.entries(cells).flatMap(([name, cell]) => (cell === null ? [] : [[name, cell] as const])),
  )
}

/** Requesters of one word, `-` included, and of several, with an operation that ends them. */
function requester(): fc.Arbitrary<Requester> {
  const name = fc.oneof(
    word(textAlphabet),
    fc.constantFrom('AmazonS3', 'arn:aws:iam::123456789012:user/alice').map(spell),
  )
  const id = fc
    .oneof(fc.uuid(), fc.stringMatching(/^[0-9A-F]{16}$/), fc.constant('REST'))
    .map((text) => asCell(spell(text)))
  const known = fc.constantFrom(
    'REST.GET.OBJECT',
    'SOAP.PutObject',
    'WEBSITE.GET.OBJECT',
    'BATCH.x"y',
    'S3.EXPIRE.OBJECT',
    'REST.',
  )
  const unknown = fc.constantFrom('NEW.THING', 'TABLES.COMPACT_2.OBJECT', 'A.B', '0.1.2', '_._')
  const oneWord = fc.record({
    requester: orDash(name.map(asCell)),
    requestid: id,
    operation: fc.oneof(known, unknown).map((text) => asCell(spell(text))),
  })
  const alphabet = { dirty: true, without: '.', more: ['"', ''] }
  const wordsBehind = fc.array(pieces(alphabet, 0), { minLength: 1, maxLength: 16 })
  const severalWords = fc.record({
    requester: fc
      .tuple(name, wordsBehind)
      .map(([first, others]) => asCell(concat([first, ...others.flatMap((other) => [spell(' '), other])]))),
    requestid: id,
    operation: known.map((text) => asCell(spell(text))),
  })
  return fc.oneof({ weight: 3, arbitrary: oneWord }, { weight: 1, arbitrary: severalWords })
}

interface Key {
  readonly key: Spelled
  readonly decoded: string | null
}

/** Keys plain, encoded once and twice, and with percent signs that do not decode. */
function key(): fc.Arbitrary<Key> {
  const anyText = fc
    .oneof(
      fc.string({ unit: 'binary', minLength: 1, maxLength: 8 }),
      fc.constantFrom('-', 'a b', 'a+b', 'é/€/😀', '"q"', '/'),
    )
    .filter(isText)
  const once = fc
    .oneof(anyText, fc.constantFrom('100%', '%zz', '%a'))
    .filter((text) => isUndecodable(text) && !isPlain(text))
  const twice = fc.oneof(anyText, fc.constantFrom('100%', '%41', '%2520')).filter((text) => !isPlain(text))
  const undecodable = fc.constantFrom('%', '100%', 'a%4', '%zz', '%C3%28', '%00', 'x%FFy', '%41%', '%ED%A0%80')
  const halfDecodable = fc.constantFrom(['%2500', '%00'], ['%25C3%2528', '%C3%28'], ['a%25', 'a%'], ['%25zz', '%zz'])
  return fc.oneof(
    fc.constant({ key: { bytes: '-', cell: null }, decoded: null }),
    word({ ...textAlphabet, more: ['"', '='], without: '%' }).map((text) => ({ key: asCell(text), decoded: null })),
    once.map((text) => ({ key: asCell(spell(percentEncoded(text))), decoded: text })),
    twice.map((text) => ({ key: asCell(spell(percentEncoded(percentEncoded(text, true)))), decoded: text })),
    undecodable.map((text) => ({ key: asCell(spell(text)), decoded: null })),
    halfDecodable.map(([text = '', decoded = '']) => ({ key: asCell(spell(text)), decoded })),
  )
}

function isUndecodable(text: string): boolean {
  return !text.includes('%') || /%(?![0-9a-fA-F]{2})/.test(text)
}

function isPlain(text: string): boolean {
  return /^[A-Za-z0-9]*$/.test(text)
}

function requestUri(): fc.Arbitrary<Spelled> {
  const method = fc.constantFrom('GET ', 'PUT ', 'get ', '"GET" ', '').map(spell)
  const path = pieces({ dirty: true, more: uriPieces, without: '?&;#' }, 0)
  const parameters = fc.oneof(fc.constant(nothing), query(true))
  const protocol = fc
    .constantFrom(' HTTP/1.1', ' HTTP/1.0', ' HTTP/2', ' HTTP/1.1', ' HTTP/1.1', ' SPDY', '')
    .map(spell)
  return quotedOrDash(fc.tuple(method, path, parameters, protocol).map(concat))
}

/** Ends at the first `" "`, so that it must not hold one, nor begin as `"-" `. */
function referer(): fc.Arbitrary<Spelled> {
  const text = fc
    .tuple(
      pieces({ dirty: true, more: refererPieces, without: '?&;#' }, 0),
      fc.oneof(fc.constant(nothing), query(true)),
    )
    .map(concat)
    .filter(({ bytes }) => !`${bytes}"`.includes('" "') && !bytes.endsWith('" ') && !/^(?:-" | ")/.test(bytes))
  return quotedOrDash(text)
}

function userAgent(): fc.Arbitrary<Spelled> {
  const json = fc.jsonValue({ maxDepth: 2 }).map((value) => JSON.stringify(value))
  const long = fc.integer({ min: 1000, max: 20_000 }).map((length) => spell('Mozilla " " '.repeat(length / 12)))
  return quotedOrDash(
    fc.oneof(
      { weight: 8, arbitrary: pieces({ dirty: true, more: agentPieces }, 0) },
      { weight: 3, arbitrary: json.filter(isText).map(spell) },
      { weight: 1, arbitrary: long },
    ),
  )
}

function quotedOrDash(text: fc.Arbitrary<Piece>): fc.Arbitrary<Spelled> {
  return fc.oneof(
    {
      weight: 10,
      arbitrary: text.map((value) => {
        const isNull = value.bytes === '' || value.bytes === '-'
        return { bytes: `"${value.bytes}"`, cell: isNull ? null : value.text }
      }),
    },
    { weight: 1, arbitrary: fc.constantFrom('-', '""', '"-"').map((bytes) => ({ bytes, cell: null })) },
  )
}

interface Tail {
  readonly tailFields: Readonly<Record<string, Spelled>>
  readonly extra: { readonly bytes: string; readonly values: Record<string, string> | null }
}

/** The columns behind the user agent, from the left, and up to forty fields more. */
function tail(): fc.Arbitrary<Tail> {
  const columns = s3AccessLogs.columns.slice(s3AccessLogs.columns.findIndex(({ name }) => name === 'versionid'))
  const values = columns.map((column) =>
    orDash(column.kind === 'enum' ? enumWord(column.values ?? []) : word(tailAlphabet).map(asCell)),
  )
  const surplus = fc.array(orDash(word(tailAlphabet).map(asCell)), { minLength: 1, maxLength: 40 })
  return fc.oneof(
    {
      weight: 3,
      arbitrary: fc.tuple(fc.integer({ min: 1, max: columns.length }), fc.tuple(...values)).map(([count, spelled]) => ({
        tailFields: fieldsOf(spelled.slice(0, count)),
        extra: { bytes: '', values: null },
      })),
    },
    {
      weight: 1,
      arbitrary: fc.tuple(fc.tuple(...values), surplus).map(([spelled, more]) => ({
        tailFields: fieldsOf(spelled),
        extra: { bytes: more.map(({ bytes }) => ` ${bytes}`).join(''), values: extraValues(more) },
      })),
    },
  )

  function fieldsOf(spelled: readonly Spelled[]): Record<string, Spelled> {
    return Object.fromEntries(spelled.map((value, index) => [columns[index]?.name ?? '', value]))
  }
}

/** Field 64 holds the rest of the line as it is. */
function extraValues(more: readonly Spelled[]): Record<string, string> | null {
  const single = more
    .slice(0, 36)
    .flatMap(({ cell }, index) => (cell === null ? [] : [[`field_${28 + index}`, String(cell)] as const]))
  const rest = more
    .slice(36)
    .map(({ cell }) => cell ?? '-')
    .join(' ')
  const entries = rest === '' || rest === '-' ? single : [...single, ['field_64', rest] as const]
  return entries.length > 0 ? Object.fromEntries(entries) : null
}

/** Whether the first quote that may end the request-URI is the one that does. */
function endsFirst(uri: string, rest: string): boolean {
  if (!uri.startsWith('"')) return true
  const ends = [...rest.matchAll(/"/g)].map(({ index }) => index).filter((index) => index > 0 && isUriEnd(rest, index))
  const end = ends.find((index) => / HTTP\/[0-9](?:\.[0-9])?$/.test(rest.slice(1, index))) ?? ends[0]
  return end === uri.length - 1
}

function isUriEnd(rest: string, index: number): boolean {
  const [nothingBefore, status = '', code = '', ...numbers] = rest.slice(index + 1).split(' ', 8)
  const areNumbers = numbers.slice(0, 4).every((text) => /^(?:[0-9]+|-)$/.test(text))
  return nothingBefore === '' && /^(?:[0-9]{3}|-)$/.test(status) && code !== '' && numbers.length === 5 && areNumbers
}
