import { hash } from 'node:crypto'
import { MillraceError } from '../errors.ts'
import { inflateMembers, isGzip } from '../loading/gzip-members.ts'
import type { HeldObject } from '../stages/held.ts'

/** What Firehose posts in one request. */
export interface Delivery {
  /** The same each time the request is tried. */
  readonly requestId: string
  /** Epoch milliseconds. */
  readonly timestampMs: number
  /** Of each record, in Base64. */
  readonly records: readonly string[]
}

/** Of all records of a request, inflated: it has at most 64 MiB as it is sent. */
const mostBytes = 512 << 20
const newline = 0x0a
const lineEnd = Buffer.from([newline])
const openBrace = 0x7b

/** The records of a delivery as one object: as they are, or inflated, as CloudWatch Logs packs its envelopes. Throws FILE_CORRUPT or FILE_TRUNCATED. */
export function objectOf(pipe: string, { requestId, timestampMs, records }: Delivery): HeldObject {
  const lines: Uint8Array[] = []
  const envelopes: Uint8Array[] = []
  let size = 0
  const add = (part: Uint8Array): void => {
    const parts = part[0] === openBrace ? envelopes : lines
    parts.push(part)
    size += part.length
    if (part.at(-1) !== newline) parts.push(lineEnd)
    if (size > mostBytes)
      throw new MillraceError(
        'FILE_CORRUPT',
        `Request ${requestId} has more than ${mostBytes} bytes in its records. Let Firehose buffer less.`,
      )
  }
  for (const [index, data] of records.entries()) {
    const record = Buffer.from(data, 'base64')
    if (!isGzip(record)) add(record)
    else for (const part of inflateMembers(`Record ${index + 1} of request ${requestId}`, record)) add(part)
  }
  // How an object is read is told from its beginning.
  const bytes = Buffer.concat([...envelopes, ...lines])
  const object = {
    uri: `firehose://${pipe}/${requestId}`,
    version: hash('sha256', bytes).slice(0, 32),
    size: bytes.length,
    modifiedMs: timestampMs,
    accountId: undefined,
    region: undefined,
    dateMs: timestampMs,
  }
  return { object, bytes }
}
