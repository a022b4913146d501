/** Why a line is a reject, by the code that the kernels give (src/loading/kernels/values.ts). See docs/PARSING.md. */
const reasons = [
  { code: 'OK', text: '' },
  { code: 'FIELD_MISSING', text: 'fewer fields than the format has' },
  { code: 'FIELD_SURPLUS', text: 'more fields than the format has' },
  { code: 'FIELD_EMPTY', text: 'a field is empty (two spaces, or one at the start)' },
  { code: 'NOT_INTEGER', text: 'not an integer in range' },
  { code: 'NOT_ADDRESS', text: 'not an IPv4 or IPv6 address' },
  { code: 'NOT_TIME', text: 'not a time' },
  { code: 'NOT_ENUM', text: 'not a word of a small set' },
  { code: 'NOT_UTF8', text: 'bytes that are not UTF-8' },
  { code: 'HAS_NUL', text: 'a NUL byte' },
  { code: 'HAS_CONTROL', text: 'a control character' },
  { code: 'TOO_LONG', text: 'longer than 16 MiB' },
  { code: 'NO_OPERATION', text: 'no request id and operation after the requester' },
  { code: 'URI_OPEN', text: 'the end of the request-URI is not found' },
  { code: 'QUOTE_OPEN', text: 'a quoted value does not end' },
  { code: 'NOT_QUOTED', text: 'quotes or brackets are missing or misplaced' },
] as const

/** Characters of a reject that are kept: bytes, where it is ASCII. */
export const MAX_RAW = 65_536

/** The reason column of a reject: `CODE column: sentence`. */
export function reasonText(code: number, column: string | undefined): string {
  const reason = reasons[code] ?? { code: `REASON_${code}`, text: 'unknown reason' }
  return column === undefined ? `${reason.code}: ${reason.text}` : `${reason.code} ${column}: ${reason.text}`
}
