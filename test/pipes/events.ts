import * as fc from 'fast-check'
import type { ObjectCreated } from '../../src/pipes/notifications.ts'
import { objectKey } from '../aws/arbitraries.ts'

const time = fc
  .date({ min: new Date(0), max: new Date('2100-01-01'), noInvalidDate: true })
  .map((date) => date.getTime())

function maybe<Value>(arbitrary: fc.Arbitrary<Value>): fc.Arbitrary<Value | undefined> {
  return fc.option(arbitrary, { nil: undefined })
}

/** Any object that a notification can tell of. */
export const anyObject: fc.Arbitrary<ObjectCreated> = fc.record({
  bucket: fc.stringMatching(/^[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]$/),
  key: objectKey,
  size: maybe(fc.nat({ max: 5 * 2 ** 40 })),
  etag: maybe(fc.stringMatching(/^[0-9a-f]{32}(-\d{1,4})?$/)),
  versionId: maybe(fc.stringMatching(/^[\w.]{1,32}$/)),
  eventTimeMs: maybe(time),
  sequencer: maybe(fc.stringMatching(/^[0-9A-F]{16,20}$/)),
})

const minor = fc.integer({ min: 0, max: 20 })
const unknownFields = fc.dictionary(fc.stringMatching(/^x-[a-z]{1,5}$/), fc.jsonValue(), { maxKeys: 2 })

/** As forms are encoded, by other code than ours. */
function formEncoded(key: string): string {
  return new URLSearchParams([['k', key]]).toString().slice(2)
}

function timeText(eventTimeMs: number | undefined): string | undefined {
  return eventTimeMs === undefined ? undefined : new Date(eventTimeMs).toISOString()
}

function recordOf({ bucket, key, size, etag, versionId, eventTimeMs, sequencer }: ObjectCreated): object {
  return {
    eventSource: 'aws:s3',
    awsRegion: 'eu-west-1',
    eventTime: timeText(eventTimeMs),
    eventName: 'ObjectCreated:Put',
    userIdentity: { principalId: 'AWS:AROA:session' },
    s3: {
      s3SchemaVersion: '1.0',
      bucket: { name: bucket, arn: `arn:aws:s3:::${bucket}` },
      object: { key: formEncoded(key), size, eTag: etag, versionId, sequencer },
    },
  }
}

const otherRecord = fc.constantFrom(
  { eventSource: 'aws:s3', eventVersion: '2.1', eventName: 'ObjectRemoved:Delete', s3: {} },
  { eventSource: 'aws:s3', eventVersion: '2.4', eventName: 'LifecycleExpiration:Delete' },
  { eventSource: 'aws:sqs', eventVersion: '1.0', eventName: 'x' },
)

/** What a message says, and its body. */
export interface Printed {
  readonly objects: readonly ObjectCreated[]
  readonly ignored: number
  readonly body: string
}

const byS3 = fc
  .record({
    objects: fc.array(anyObject, { minLength: 1, maxLength: 3 }),
    minor,
    more: unknownFields,
    others: fc.array(otherRecord, { maxLength: 2 }),
  })
  .map(({ objects, minor: number, more, others }): Printed => {
    const records = objects.map((object) => ({ ...more, ...recordOf(object), eventVersion: `2.${number}` }))
    return { objects, ignored: others.length, body: JSON.stringify({ ...more, Records: [...others, ...records] }) }
  })

const byEventBridge = fc
  .record({ object: anyObject, minor, more: unknownFields })
  .map(({ object, minor: number, more }): Printed => {
    const { bucket, key, size, etag, versionId, eventTimeMs, sequencer } = object
    const body = {
      ...more,
      version: '0',
      'detail-type': 'Object Created',
      source: 'aws.s3',
      time: timeText(eventTimeMs),
      resources: [`arn:aws:s3:::${bucket}`],
      detail: {
        ...more,
        version: '0',
        'event-version': `1.${number}`,
        bucket: { name: bucket },
        object: { key, size, etag, 'version-id': versionId ?? '', sequencer },
        reason: 'PutObject',
      },
    }
    return { objects: [object], ignored: 0, body: JSON.stringify(body) }
  })

const envelope = fc.constantFrom(
  (body: string): unknown => ({
    Type: 'Notification',
    TopicArn: 'arn:aws:sns:eu-west-1:1:t',
    Message: body,
    Signature: 'x',
  }),
  (body: string): unknown => ({
    version: '1.0',
    requestContext: {},
    requestPayload: JSON.parse(body),
    responsePayload: {},
  }),
  (body: string): unknown => ({ requestPayload: body }),
)

/** A notification of any form, in up to three envelopes. */
export const anyNotification = fc
  .tuple(fc.oneof(byS3, byEventBridge), fc.array(envelope, { maxLength: 3 }))
  .map(([printed, envelopes]): Printed => {
    let { body } = printed
    for (const put of envelopes) body = JSON.stringify(put(body))
    return { ...printed, body }
  })
