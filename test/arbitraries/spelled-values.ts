import * as fc from 'fast-check'
import type { Column } from '../../src/log-type/log-type.ts'
import { asCell, orDash, spell, type Spelled, word } from './spelled.ts'

/** A word that fits a column of a flow log, NULL included. */
export function fieldValue({ kind, values = [] }: Column): fc.Arbitrary<Spelled> {
  switch (kind) {
    case 'address':
      return orDash(address())
    case 'integer':
      return orDash(integer())
    case 'bigint':
      return orDash(bigInteger())
    case 'epoch':
      return orDash(epoch())
    case 'tag':
      return orDash(tag())
    case 'enum':
      return orDash(enumWord(values))
    case 'text':
      return orDash(word({ dirty: false, more: ['"', '%20', '=', 'a=b'] }).map(asCell))
    case 'uri':
    case 'clf-time':
      throw new Error(`no flow log has a column of kind ${kind}`)
    default:
      return kind satisfies never
  }
}

export function enumWord(values: readonly string[]): fc.Arbitrary<Spelled> {
  const unknown = fc.oneof(
    fc.stringMatching(/^[A-Za-z][A-Za-z0-9_.-]{0,9}$/),
    fc.constantFrom('é'.repeat(32), 'W'.repeat(64)),
  )
  return fc
    .oneof({ weight: 4, arbitrary: fc.constantFrom(...values) }, { weight: 1, arbitrary: unknown })
    .map((text) => asCell(spell(text)))
}

export function integer(): fc.Arbitrary<Spelled> {
  const values = fc.oneof(fc.nat({ max: 2 ** 31 - 1 }), fc.constantFrom(0, 1, 65_535, 2 ** 31 - 2, 2 ** 31 - 1))
  return padded(values.map((cell) => ({ bytes: String(cell), cell })))
}

export function bigInteger(): fc.Arbitrary<Spelled> {
  const max = 2n ** 63n - 1n
  const values = fc.oneof(fc.bigInt(0n, max), fc.constantFrom(0n, 2n ** 31n, 2n ** 53n + 1n, max - 1n, max))
  return padded(values.map((cell) => ({ bytes: String(cell), cell })))
}

function epoch(): fc.Arbitrary<Spelled> {
  const latest = 253_402_300_799
  const values = fc.oneof(fc.nat({ max: latest }), fc.constantFrom(0, 1_795_176_000, latest))
  return padded(values.map((seconds) => ({ bytes: String(seconds), cell: BigInt(seconds) * 1_000_000n })))
}

/** Now and then with leading zeros, up to 19 digits. */
function padded(digits: fc.Arbitrary<Spelled>): fc.Arbitrary<Spelled> {
  const width = fc.oneof(
    { weight: 5, arbitrary: fc.constant(0) },
    { weight: 1, arbitrary: fc.integer({ min: 1, max: 19 }) },
  )
  return fc.tuple(digits, width).map(([{ bytes, cell }, length]) => ({ bytes: bytes.padStart(length, '0'), cell }))
}

export function clfTime(): fc.Arbitrary<Spelled> {
  const months = ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec']

  const year = fc.oneof(fc.integer({ min: 1, max: 9999 }), fc.constantFrom(1, 99, 1900, 1970, 2000, 2024, 2026, 9999))
  const day = year.chain((yearNumber) =>
    fc.nat({ max: 11 }).chain((month) => {
      const lengths = [31, isLeap(yearNumber) ? 29 : 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31]
      const last = lengths[month] ?? 28
      return fc
        .oneof(fc.integer({ min: 1, max: last }), fc.constant(last))
        .map((date) => ({ year: String(yearNumber).padStart(4, '0'), month, date: two(date) }))
    }),
  )
  const zone = fc.oneof(fc.constant(['00', '00'] as const), fc.tuple(below(19), below(60)))
  return fc
    .record({ day, hour: below(24), minute: below(60), second: below(60), sign: fc.constantFrom('+', '-'), zone })
    .map(({ day: { year: yearText, month, date }, hour, minute, second, sign, zone: [zoneHour, zoneMinute] }) => ({
      bytes: `${date}/${months[month] ?? ''}/${yearText}:${hour}:${minute}:${second} ${sign}${zoneHour}${zoneMinute}`,
      cell: micros(`${yearText}-${two(month + 1)}-${date}T${hour}:${minute}:${second}${sign}${zoneHour}:${zoneMinute}`),
    }))
}

function below(limit: number): fc.Arbitrary<string> {
  return fc.nat({ max: limit - 1 }).map(two)
}

function two(value: number): string {
  return String(value).padStart(2, '0')
}

function isLeap(year: number): boolean {
  return year % 4 === 0 && (year % 100 !== 0 || year % 400 === 0)
}

function micros(iso: string): bigint {
  return BigInt(Date.parse(iso)) * 1000n
}

export function address(): fc.Arbitrary<Spelled> {
  const octet = fc.oneof(fc.nat({ max: 255 }), fc.constantFrom(0, 1, 9, 10, 99, 100, 249, 250, 255))
  const ipv4 = fc.tuple(octet, octet, octet, octet).map((octets) => octets.join('.'))
  const group = fc.oneof({ weight: 2, arbitrary: fc.constant(0) }, { weight: 1, arbitrary: fc.nat({ max: 0xffff }) })
  const groups = fc.oneof(
    fc.array(group, { minLength: 8, maxLength: 8 }),
    fc.tuple(group, group).map(([high, low]) => [0, 0, 0, 0, 0, 0xffff, high, low]),
  )
  const ipv6 = fc
    .record({
      groups,
      gap: fc.tuple(fc.nat({ max: 7 }), fc.nat({ max: 7 })),
      isDotted: fc.boolean(),
      width: fc.constantFrom(1, 2, 4),
    })
    .chain(({ groups: eight, ...look }) =>
      fc.boolean().map((isUpper) => {
        const text = ipv6Spelling(eight, look)
        return { bytes: isUpper ? text.toUpperCase() : text, cell: ipv6Cell(eight) }
      }),
    )
  return fc.oneof(
    ipv4.map((text) => ({ bytes: text, cell: text })),
    ipv6,
  )
}

interface Ipv6Look {
  /** Zero groups between these two places, where there are any, are written `::`. */
  readonly gap: readonly [number, number]
  readonly isDotted: boolean
  /** Digits a group is filled up to. */
  readonly width: number
}

function ipv6Spelling(groups: readonly number[], { gap: [one, other], isDotted, width }: Ipv6Look): string {
  const [high = 0, low = 0] = groups.slice(6)
  const dotted = [high >> 8, high & 255, low >> 8, low & 255].join('.')
  const hex = groups.map((group) => group.toString(16).padStart(width, '0'))
  const written = isDotted ? [...hex.slice(0, 6), dotted] : hex
  const [start, end] = [Math.min(one, other), Math.max(one, other)]
  const isGap = end <= (isDotted ? 5 : 7) && groups.slice(start, end + 1).every((group) => group === 0)
  if (!isGap) return written.join(':')
  return `${written.slice(0, start).join(':')}::${written.slice(end + 1).join(':')}`
}

/** The browser's URL parser writes addresses as RFC 5952 does, but mapped ones in hexadecimal. */
function ipv6Cell(groups: readonly number[]): string {
  const hex = new URL(`http://[${groups.map((group) => group.toString(16)).join(':')}]`).hostname.slice(1, -1)
  const [high = 0, low = 0] = groups.slice(6)
  const isMapped = groups.slice(0, 6).join() === '0,0,0,0,0,65535'
  return isMapped ? `::ffff:${[high >> 8, high & 255, low >> 8, low & 255].join('.')}` : hex
}

/** Text that decodes, and text that does not and so comes back as it is. */
function tag(): fc.Arbitrary<Spelled> {
  const decoded = fc.string({ unit: 'binary', minLength: 1, maxLength: 8 }).filter(isText)
  const malformed = fc.constantFrom(
    '%',
    '%4',
    'a%zz',
    '%%41',
    '50%',
    '%C3%28',
    '%00',
    'x%FF',
    '%ED%A0%80',
    '%41%',
    'a%2',
  )
  return fc.oneof(
    fc.tuple(decoded, fc.boolean()).map(([text, isLower]) => ({ bytes: percentEncoded(text, isLower), cell: text })),
    malformed.map((bytes) => ({ bytes, cell: bytes })),
    word({ dirty: false, without: '%', more: ['+'] }).map(asCell),
  )
}

/** Not so where it holds NUL, or half a surrogate pair, which UTF-8 has no form for. */
export function isText(text: string): boolean {
  return !text.includes('\0') && Buffer.from(text, 'utf8').toString('utf8') === text
}

/** Every byte but letters and digits as a percent sequence. */
export function percentEncoded(text: string, isLower = false): string {
  return [...Buffer.from(text, 'utf8')]
    .map((byte) => {
      const character = String.fromCharCode(byte)
      const hex = byte.toString(16).padStart(2, '0')
      return /^[A-Za-z0-9]$/.test(character) ? character : `%${isLower ? hex : hex.toUpperCase()}`
    })
    .join('')
}
