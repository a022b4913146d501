import { z } from 'zod'

/** What a notification says of an object that was written. It is a hint: the object may be another by now, or gone. */
export interface ObjectCreated {
  readonly bucket: string
  /** As it is, not encoded. */
  readonly key: string
  /** Bytes. */
  readonly size: number | undefined
  /** Without quotes. */
  readonly etag: string | undefined
  /** Of a bucket that keeps versions. */
  readonly versionId: string | undefined
  /** Epoch milliseconds. */
  readonly eventTimeMs: number | undefined
  /** Hexadecimal; orders the events of one key, the shorter padded with zeros on its left. */
  readonly sequencer: string | undefined
}

/** What the body of a queue's message is. */
export type Notification =
  /** At least one object; `ignored` records tell of something else, such as a deletion. */
  | { readonly kind: 'objects'; readonly objects: readonly ObjectCreated[]; readonly ignored: number }
  /** What S3 sends when a bucket begins to notify. */
  | { readonly kind: 'test'; readonly bucket: string }
  /** Well-formed, but of no object that was written; `what` is a sentence. */
  | { readonly kind: 'other'; readonly what: string }
  /** `why` is a sentence. */
  | { readonly kind: 'unreadable'; readonly why: string }

/** Envelopes within envelopes; three are as many as services put around an event. */
const maxDepth = 8

/**
 * Reads a notification of S3: as S3 sends it, by way of SNS with and without raw delivery, by EventBridge, and as what a Lambda function could not process
 * (S3 User Guide, "Event message structure" and "EventBridge event message structure"). Never throws.
 */
export function readNotification(body: string): Notification {
  return readText(body, 'The message', 0)
}

function readText(text: string, name: string, depth: number): Notification {
  let value: unknown
  try {
    value = JSON.parse(text)
  } catch {
    return unreadable(`${name} is no JSON.`)
  }
  return readValue(value, depth)
}

function readValue(value: unknown, depth: number): Notification {
  if (depth > maxDepth) return unreadable('Too many envelopes are around the event.')
  for (const read of envelopes) {
    const found = read(value, depth)
    if (found !== undefined) return found
  }
  return unreadable('It has none of the forms that events of S3 have.')
}

type Envelope = (value: unknown, depth: number) => Notification | undefined

function envelope<Form>(form: z.ZodType<Form>, read: (value: Form, depth: number) => Notification): Envelope {
  return (value, depth) => {
    const parsed = form.safeParse(value)
    return parsed.success ? read(parsed.data, depth) : undefined
  }
}

const filled = z.string().min(1)
const anyObject = z.custom<object>((value) => typeof value === 'object' && value !== null)
/** Facts that are left out in one way or another where there are none. */
const optionalText = z
  .string()
  .nullish()
  .transform((text) => (text === null || text === '' ? undefined : text))
const optionalSize = z
  .number()
  .int()
  .min(0)
  .nullish()
  .transform((size) => size ?? undefined)
/** It orders nothing, so one that cannot be read does no harm. */
const optionalTime = z
  .unknown()
  .optional()
  .transform((text) => {
    const time = typeof text === 'string' ? Date.parse(text) : Number.NaN
    return Number.isNaN(time) ? undefined : time
  })
const optionalEtag = optionalText.transform((etag) => etag?.replace(/^"(.*)"$/s, '$1'))

const envelopes: readonly Envelope[] = [
  envelope(z.object({ Event: z.literal('s3:TestEvent'), Bucket: filled }), ({ Bucket: bucket }) => ({
    kind: 'test',
    bucket,
  })),
  envelope(z.object({ Records: z.array(z.unknown()) }), ({ Records }) => readRecords(Records)),
  envelope(z.object({ Type: z.literal('Notification'), Message: z.string() }), ({ Message }, depth) =>
    readText(Message, 'The message that SNS passed on', depth + 1),
  ),
  envelope(
    z.object({
      Type: z.enum(['SubscriptionConfirmation', 'UnsubscribeConfirmation']),
      TopicArn: z.string().optional(),
    }),
    ({ Type, TopicArn }) =>
      other(`It is the ${Type} of ${TopicArn === undefined ? 'a topic' : shown(TopicArn)} in SNS.`),
  ),
  envelope(
    z.object({ source: z.string(), 'detail-type': z.string(), time: optionalTime, detail: z.unknown().optional() }),
    ({ source, 'detail-type': type, time, detail }) =>
      source === 'aws.s3' && type === 'Object Created'
        ? readDetail(detail, time)
        : other(`It is an event of EventBridge, ${shown(type)} of ${shown(source)}.`),
  ),
  envelope(z.object({ requestPayload: z.union([z.string(), anyObject]) }), ({ requestPayload }, depth) =>
    typeof requestPayload === 'string'
      ? readText(requestPayload, 'What the Lambda function was given', depth + 1)
      : readValue(requestPayload, depth + 1),
  ),
]

const recordHead = z.object({ eventSource: z.string(), eventVersion: z.string(), eventName: z.string() })

const recordBody = z.object({
  eventTime: optionalTime,
  s3: z.object({
    bucket: z.object({ name: filled }),
    object: z.object({
      key: filled,
      size: optionalSize,
      eTag: optionalEtag,
      versionId: optionalText,
      sequencer: optionalText,
    }),
  }),
})

/** All records, or none: a message with one that cannot be read must not count as read. */
function readRecords(records: readonly unknown[]): Notification {
  const objects: ObjectCreated[] = []
  const ignored: string[] = []
  for (const record of records) {
    const head = recordHead.safeParse(record)
    if (!head.success) return unreadable('A record has no source, version or name of an event.')
    const { eventSource, eventVersion, eventName } = head.data
    // Other makers of storage that speaks S3 put their own name before the colon, and `s3:` before the event's.
    if (!/^[\w-]+:s3$/.test(eventSource)) {
      ignored.push(eventSource)
      continue
    }
    if (!/^2\.\d+$/.test(eventVersion))
      return unreadable(`A record has version ${shown(eventVersion)} of the form; known is 2.`)
    if (!/^(?:s3:)?ObjectCreated:/.test(eventName)) {
      ignored.push(eventName)
      continue
    }
    const created = readRecord(record)
    if (typeof created === 'string') return unreadable(created)
    objects.push(created)
  }
  if (objects.length > 0) return { kind: 'objects', objects, ignored: ignored.length }
  if (ignored.length === 0) return other('It has no records.')
  const names = [...new Set(ignored)].slice(0, 3).map(shown).join(', ')
  return other(`It tells of no new object, but of ${names}.`)
}

/** The object of a record, or why it cannot be read. */
function readRecord(record: unknown): ObjectCreated | string {
  const parsed = recordBody.safeParse(record)
  if (!parsed.success) return `A record has no bucket and key, or their facts are not as they should be.`
  const { eventTime, s3 } = parsed.data
  const { key: encoded, size, eTag, versionId, sequencer } = s3.object
  const key = decodeKey(encoded)
  if (key === undefined) return `The key ${shown(encoded)} is not encoded as it should be.`
  return { bucket: s3.bucket.name, key, size, etag: eTag, versionId, eventTimeMs: eventTime, sequencer }
}

/** As forms are encoded: a space is a `+`. */
function decodeKey(key: string): string | undefined {
  try {
    return decodeURIComponent(key.replaceAll('+', ' '))
  } catch {
    return undefined
  }
}

/** EventBridge's, whose keys are not encoded. */
const detailForm = z.object({
  'event-version': optionalText,
  bucket: z.object({ name: filled }),
  object: z.object({
    key: filled,
    size: optionalSize,
    etag: optionalEtag,
    'version-id': optionalText,
    sequencer: optionalText,
  }),
})

function readDetail(detail: unknown, eventTimeMs: number | undefined): Notification {
  const parsed = detailForm.safeParse(detail)
  if (!parsed.success)
    return unreadable('The event of EventBridge has no bucket and key, or their facts are not as they should be.')
  const { 'event-version': version = '1.0', bucket, object } = parsed.data
  if (!/^1\.\d+$/.test(version))
    return unreadable(`The event of EventBridge has version ${shown(version)} of the form; known is 1.`)
  const { key, size, etag, 'version-id': versionId, sequencer } = object
  const created = { bucket: bucket.name, key, size, etag, versionId, eventTimeMs, sequencer }
  return { kind: 'objects', objects: [created], ignored: 0 }
}

function other(what: string): Notification {
  return { kind: 'other', what }
}

function unreadable(why: string): Notification {
  return { kind: 'unreadable', why }
}

/** Text from outside in a sentence of ours. */
function shown(text: string): string {
  return JSON.stringify(text.length > 100 ? `${text.slice(0, 100)}…` : text)
}
