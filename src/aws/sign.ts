import { createHmac, hash } from 'node:crypto'
import type { Credentials } from './credentials.ts'
import { encodePath } from './encode.ts'

/** A request about to be signed. */
export interface Signable {
  readonly method: string
  /** As it stands in the `host` header. */
  readonly host: string
  /** As it goes out, already encoded. */
  readonly path: string
  /** As it goes out: what `encodeQuery` gives. */
  readonly query: string
  /** Names in lower case. `host`, `x-amz-date`, `x-amz-content-sha256` and `x-amz-security-token` are added. */
  readonly headers: Readonly<Record<string, string>>
  /** SHA-256 of the body in hexadecimal; S3 also takes `UNSIGNED-PAYLOAD`. */
  readonly payloadHash: string
}

/** What a signature holds for. */
export interface SigningScope {
  /** Such as `eu-west-1`. */
  readonly region: string
  /** Such as `s3`. */
  readonly service: string
}

export const emptyPayloadHash = sha256('')

/** Headers that proxies may change, or that say nothing of the request: they are sent but not signed, as by the AWS SDK. */
const unsigned = new Set(
  'authorization cache-control connection expect from keep-alive max-forwards pragma referer te trailer transfer-encoding upgrade user-agent x-amzn-trace-id'.split(
    ' ',
  ),
)

/**
 * All headers to send, signed by Signature Version 4 (IAM User Guide, "Create a signed AWS API request"). `dateMs` are epoch milliseconds.
 */
export function signHeaders(
  request: Signable,
  credentials: Credentials,
  scope: SigningScope,
  dateMs: number,
): Record<string, string> {
  const date = stampOf(dateMs)
  const headers: Record<string, string> = {
    ...request.headers,
    host: request.host,
    'x-amz-content-sha256': request.payloadHash,
    'x-amz-date': date,
  }
  if (credentials.sessionToken !== undefined) headers['x-amz-security-token'] = credentials.sessionToken
  const names = Object.keys(headers)
    .filter((name) => !isUnsigned(name))
    .toSorted()
  let canonicalHeaders = ''
  for (const name of names) canonicalHeaders += `${name}:${trimmed(headers[name] ?? '')}\n`
  const signedNames = names.join(';')
  // S3 signs a path as it goes out; all other services encode it once more.
  const path = scope.service === 's3' ? request.path : encodePath(request.path)
  const canonical = `${request.method}\n${path}\n${request.query}\n${canonicalHeaders}\n${signedNames}\n${request.payloadHash}`
  const scopeName = `${date.slice(0, 8)}/${scope.region}/${scope.service}/aws4_request`
  const toSign = `AWS4-HMAC-SHA256\n${date}\n${scopeName}\n${sha256(canonical)}`
  const signature = createHmac('sha256', signingKey(credentials, scope, date.slice(0, 8)))
    .update(toSign)
    .digest('hex')
  headers['authorization'] =
    `AWS4-HMAC-SHA256 Credential=${credentials.accessKeyId}/${scopeName}, SignedHeaders=${signedNames}, Signature=${signature}`
  return headers
}

/** SHA-256 of text or bytes in hexadecimal. */
export function sha256(content: string | Uint8Array): string {
  return hash('sha256', content, 'hex')
}

function isUnsigned(name: string): boolean {
  return unsigned.has(name) || name.startsWith('proxy-') || name.startsWith('sec-')
}

function trimmed(value: string): string {
  return /\s/.test(value)
    ? value
        .replace(/[\r\n]/g, ' ')
        .replace(/[ \t]+/g, ' ')
        .replace(/^ | $/g, '')
    : value
}

const lastStamp = { second: Number.NaN, text: '' }

/** Such as `20261121T160000Z`. */
function stampOf(dateMs: number): string {
  const second = Math.floor(dateMs / 1000)
  if (second !== lastStamp.second) {
    lastStamp.second = second
    lastStamp.text = `${new Date(second * 1000).toISOString().slice(0, 19).replace(/[-:]/g, '')}Z`
  }
  return lastStamp.text
}

/** The keys of one day by region and service. They go with the credentials. */
interface DayKeys {
  day: string
  readonly keys: Map<string, Buffer>
}

const dayKeys = new WeakMap<Credentials, DayKeys>()

function signingKey(credentials: Credentials, { region, service }: SigningScope, day: string): Buffer {
  const found = dayKeys.get(credentials)
  const kept = found ?? { day, keys: new Map<string, Buffer>() }
  if (found === undefined) dayKeys.set(credentials, kept)
  if (kept.day !== day) {
    kept.day = day
    kept.keys.clear()
  }
  const name = `${region}/${service}`
  const known = kept.keys.get(name)
  if (known !== undefined) return known
  const ofDay = hmac(`AWS4${credentials.secretAccessKey}`, day)
  const key = hmac(hmac(hmac(ofDay, region), service), 'aws4_request')
  kept.keys.set(name, key)
  return key
}

function hmac(key: string | Buffer, text: string): Buffer {
  return createHmac('sha256', key).update(text).digest()
}
