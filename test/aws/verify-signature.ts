import { createHash, createHmac } from 'node:crypto'
import type { IncomingMessage } from 'node:http'
import type { Credentials } from '../../src/aws/credentials.ts'

/** What is wrong with a signature, as an error code of S3, or the scope that it holds for. */
export type Verdict = { readonly code: string } | { readonly region: string; readonly service: string }

const authorizationForm =
  /^AWS4-HMAC-SHA256 Credential=([^/]+)\/(\d{8})\/([^/]+)\/([^/]+)\/aws4_request, SignedHeaders=([a-z0-9;-]+), Signature=([0-9a-f]{64})$/

/**
 * Verifies Signature Version 4 from the request as it came over the wire, by the steps of the IAM User Guide and nothing else: the raw path is
 * decoded to bytes and encoded anew, as the service does.
 */
export function verifySignature(
  request: IncomingMessage,
  body: string | Buffer,
  keys: Credentials,
  nowMs: number,
): Verdict {
  const headers = rawHeaders(request)
  const match = authorizationForm.exec(headers.get('authorization') ?? '')
  if (match === null) return { code: 'AccessDenied' }
  const [, accessKeyId, day = '', region = '', service = '', signedNames = '', signature] = match
  if (accessKeyId !== keys.accessKeyId) return { code: 'InvalidAccessKeyId' }
  if (headers.get('x-amz-security-token') !== keys.sessionToken) return { code: 'InvalidToken' }
  const stamp = headers.get('x-amz-date') ?? ''
  if (!stamp.startsWith(day)) return { code: 'SignatureDoesNotMatch' }
  const signedMs = Date.parse(stamp.replace(/^(\d{4})(\d\d)(\d\dT\d\d)(\d\d)(\d\d)Z$/, '$1-$2-$3:$4:$5Z'))
  if (Number.isNaN(signedMs) || Math.abs(signedMs - nowMs) > 15 * 60_000) return { code: 'RequestTimeTooSkewed' }
  const names = signedNames.split(';')
  const mustBeSigned = [...headers.keys()].filter((name) => name === 'host' || name.startsWith('x-amz-'))
  if (!mustBeSigned.every((name) => names.includes(name))) return { code: 'AccessDenied' }
  const payloadHash = headers.get('x-amz-content-sha256') ?? ''
  if (payloadHash !== createHash('sha256').update(body).digest('hex')) return { code: 'XAmzContentSHA256Mismatch' }
  const [path = '', query = ''] = (request.url ?? '').split('?')
  const canonical = [
    request.method,
    [...decodeBytes(path)].map((byte) => (byte === 0x2f ? '/' : encodeByte(byte))).join(''),
    canonicalQuery(query),
    ...names.map((name) => `${name}:${(headers.get(name) ?? '').trim().replaceAll(/ +/g, ' ')}`),
    '',
    signedNames,
    payloadHash,
  ].join('\n')
  const scope = `${day}/${region}/${service}/aws4_request`
  const toSign = `AWS4-HMAC-SHA256\n${stamp}\n${scope}\n${createHash('sha256').update(canonical).digest('hex')}`
  let key: Buffer = Buffer.from(`AWS4${keys.secretAccessKey}`)
  for (const part of scope.split('/')) key = createHmac('sha256', key).update(part).digest()
  const expected = createHmac('sha256', key).update(toSign).digest('hex')
  return expected === signature ? { region, service } : { code: 'SignatureDoesNotMatch' }
}

function rawHeaders({ rawHeaders: raw }: IncomingMessage): Map<string, string> {
  const headers = new Map<string, string>()
  for (let index = 0; index < raw.length; index += 2)
    headers.set((raw[index] ?? '').toLowerCase(), raw[index + 1] ?? '')
  return headers
}

function decodeBytes(text: string): Buffer {
  const bytes: number[] = []
  for (let index = 0; index < text.length; index++) {
    if (text[index] === '%') {
      bytes.push(Number.parseInt(text.slice(index + 1, index + 3), 16))
      index += 2
    } else bytes.push(text.charCodeAt(index))
  }
  return Buffer.from(bytes)
}

function encodeByte(byte: number): string {
  const character = String.fromCharCode(byte)
  return /[A-Za-z0-9_.~-]/.test(character) ? character : `%${byte.toString(16).toUpperCase().padStart(2, '0')}`
}

function canonicalQuery(query: string): string {
  const pairs = query === '' ? [] : query.split('&').map((pair) => pair.split('='))
  const encoded = pairs.map((pair) => pair.map((part) => [...decodeBytes(part)].map(encodeByte).join('')))
  return encoded
    .toSorted(([a = ''], [b = '']) => (a < b ? -1 : 1))
    .map(([name = '', value = '']) => `${name}=${value}`)
    .join('&')
}
