import * as fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { type Notification, readNotification } from '../../src/pipes/notifications.ts'
import { cases, limitMs } from '../aws/scale.ts'
import { anyNotification } from './events.ts'

const record = {
  eventVersion: '2.6',
  eventSource: 'aws:s3',
  awsRegion: 'us-east-1',
  eventTime: '2026-01-02T03:04:05.678Z',
  eventName: 'ObjectCreated:CompleteMultipartUpload',
  s3: {
    s3SchemaVersion: '1.0',
    bucket: { name: 'logs', arn: 'arn:aws:s3:::logs' },
    object: {
      key: 'AWSLogs/aws-account-id%3D1/a+b%2Bc%C3%A9.log.gz',
      size: 1234,
      eTag: 'd41d8cd98f00b204e9800998ecf8427e-2',
      versionId: '096fKKXTRTtl3on89fVO.nfljtsv6qko',
      sequencer: '0055AED6DCD90281E5',
    },
  },
}

const created = {
  bucket: 'logs',
  key: 'AWSLogs/aws-account-id=1/a b+cé.log.gz',
  size: 1234,
  etag: 'd41d8cd98f00b204e9800998ecf8427e-2',
  versionId: '096fKKXTRTtl3on89fVO.nfljtsv6qko',
  eventTimeMs: Date.UTC(2026, 0, 2, 3, 4, 5, 678),
  sequencer: '0055AED6DCD90281E5',
}

const bridged = {
  version: '0',
  id: 'c9888434',
  'detail-type': 'Object Created',
  source: 'aws.s3',
  account: '123456789012',
  time: '2026-01-02T03:04:05.678Z',
  region: 'us-east-1',
  resources: ['arn:aws:s3:::logs'],
  detail: {
    version: '0',
    'event-version': '1.0',
    bucket: { name: 'logs' },
    object: {
      key: created.key,
      size: 1234,
      etag: created.etag,
      'version-id': created.versionId,
      sequencer: created.sequencer,
    },
    reason: 'CompleteMultipartUpload',
  },
}

const testEvent = { Service: 'Amazon S3', Event: 's3:TestEvent', Time: '2026-01-02T03:04:05.678Z', Bucket: 'logs' }

function read(value: unknown): Notification {
  return readNotification(JSON.stringify(value))
}

const bySns = (value: unknown): unknown => ({
  Type: 'Notification',
  MessageId: '1',
  TopicArn: 'arn:aws:sns:us-east-1:123456789012:logs',
  Subject: 'Amazon S3 Notification',
  Message: JSON.stringify(value),
})

test.each([
  ['S3', { Records: [record] }],
  ['S3 by SNS', bySns({ Records: [record] })],
  ['EventBridge', bridged],
  ['EventBridge by SNS', bySns(bridged)],
  ['a Lambda function that failed', { version: '1.0', requestPayload: { Records: [record] }, responsePayload: {} }],
  ['a Lambda function behind SNS, by SNS', bySns({ requestPayload: bySns({ Records: [record] }) })],
])('a notification of %s is read', (_name, value) => {
  expect(read(value)).toEqual({ kind: 'objects', objects: [created], ignored: 0 })
})

test('what S3 left out stays unknown', () => {
  const nothing = {
    size: undefined,
    etag: undefined,
    versionId: undefined,
    eventTimeMs: undefined,
    sequencer: undefined,
  }
  const expected = { kind: 'objects', objects: [{ bucket: 'logs', key: 'a', ...nothing }], ignored: 0 }
  const s3 = { bucket: { name: 'logs' }, object: { key: 'a' } }
  expect(read({ Records: [{ ...record, eventTime: undefined, s3 }] })).toEqual(expected)
  expect(read({ Records: [{ ...record, eventTime: 1767323045, s3 }] })).toEqual(expected)
  const empty = { key: 'a', size: null, eTag: '', versionId: null, sequencer: null }
  expect(read({ Records: [{ ...record, eventTime: 'soon', s3: { ...s3, object: empty } }] })).toEqual(expected)
})

test('storage of other makers that speaks S3 is read', () => {
  const quoted = { ...record.s3, object: { ...record.s3.object, eTag: `"${created.etag}"` } }
  const other = {
    ...record,
    eventVersion: '2.0',
    eventSource: 'minio:s3',
    eventName: 's3:ObjectCreated:Put',
    s3: quoted,
  }
  expect(read({ EventName: 's3:ObjectCreated:Put', Key: 'x', Records: [other] })).toEqual({
    kind: 'objects',
    objects: [created],
    ignored: 0,
  })
})

test('every record counts, and others than new objects are ignored', () => {
  const removed = { ...record, eventName: 'ObjectRemoved:Delete' }
  expect(read({ Records: [removed, record, { ...record, eventName: 'ObjectTagging:Put' }, record] })).toEqual({
    kind: 'objects',
    objects: [created, created],
    ignored: 2,
  })
})

test('a test event is told apart, by SNS too', () => {
  expect(read(testEvent)).toEqual({ kind: 'test', bucket: 'logs' })
  expect(read(bySns(testEvent))).toEqual({ kind: 'test', bucket: 'logs' })
})

test.each([
  ['It has no records.', { Records: [] }],
  [
    'It tells of no new object, but of "ObjectRemoved:Delete", "aws:kinesis".',
    {
      Records: [
        { ...record, eventName: 'ObjectRemoved:Delete' },
        { eventSource: 'aws:kinesis', eventVersion: '1.0', eventName: 'x' },
        { ...record, eventName: 'ObjectRemoved:Delete' },
      ],
    },
  ],
  ['It is an event of EventBridge, "Object Deleted" of "aws.s3".', { ...bridged, 'detail-type': 'Object Deleted' }],
  [
    'It is an event of EventBridge, "EC2 Instance State-change Notification" of "aws.ec2".',
    { source: 'aws.ec2', 'detail-type': 'EC2 Instance State-change Notification' },
  ],
  [
    'It is the SubscriptionConfirmation of "arn:aws:sns:us-east-1:1:t" in SNS.',
    { Type: 'SubscriptionConfirmation', TopicArn: 'arn:aws:sns:us-east-1:1:t', SubscribeURL: 'https://x' },
  ],
  ['It is the UnsubscribeConfirmation of a topic in SNS.', { Type: 'UnsubscribeConfirmation' }],
])('nothing for us: %s', (what, value) => {
  expect(read(value)).toEqual({ kind: 'other', what })
})

describe('unreadable', () => {
  const withObject = (object: object): unknown => ({ Records: [{ ...record, s3: { ...record.s3, object } }] })
  const facts = 'A record has no bucket and key, or their facts are not as they should be.'
  const form = 'It has none of the forms that events of S3 have.'

  test.each<[string, unknown]>([
    ['A record has version "3.0" of the form; known is 2.', { Records: [{ ...record, eventVersion: '3.0' }] }],
    ['A record has version "2" of the form; known is 2.', { Records: [{ ...record, eventVersion: '2' }] }],
    [
      'A record has version "20.1" of the form; known is 2.',
      { Records: [{ ...record, eventVersion: '20.1', eventName: 'ObjectRemoved:Delete' }] },
    ],
    [
      'The event of EventBridge has version "2.0" of the form; known is 1.',
      { ...bridged, detail: { ...bridged.detail, 'event-version': '2.0' } },
    ],
    ['A record has no source, version or name of an event.', { Records: [record, {}] }],
    ['A record has no source, version or name of an event.', { Records: [null] }],
    [facts, withObject({ key: '' })],
    [facts, withObject({ key: 1 })],
    [facts, withObject({ key: 'a', size: '12' })],
    [facts, withObject({ key: 'a', size: -1 })],
    [facts, withObject({ key: 'a', size: 1.5 })],
    [facts, { Records: [{ ...record, s3: null }] }],
    ['The key "a%zz" is not encoded as it should be.', withObject({ key: 'a%zz' })],
    ['The key "%ff" is not encoded as it should be.', withObject({ key: '%ff' })],
    [
      'The event of EventBridge has no bucket and key, or their facts are not as they should be.',
      { ...bridged, detail: {} },
    ],
    ['The message that SNS passed on is no JSON.', { Type: 'Notification', Message: 'The disk is full.' }],
    ['What the Lambda function was given is no JSON.', { requestPayload: 'x' }],
    [form, { Type: 'Notification', Message: 1 }],
    [form, { requestPayload: null }],
    [form, { Event: 's3:TestEvent' }],
    [form, {}],
    [form, []],
    [form, null],
    [form, 'text'],
    [form, 1],
    [form, { Records: {} }],
  ])('%s', (why, value) => {
    expect(read(value)).toEqual({ kind: 'unreadable', why })
  })

  test('no JSON at all', () => {
    for (const body of ['', ' ', 'x', '{', '\u0000', '{"Records":[}'])
      expect(readNotification(body)).toEqual({ kind: 'unreadable', why: 'The message is no JSON.' })
  })

  test('a sentence holds no more than a little of what came', () => {
    const long = 'x'.repeat(2 ** 20)
    for (const value of [
      { source: long, 'detail-type': long },
      { Records: [{ ...record, eventVersion: long }] },
      { Records: [{ ...record, eventName: long }] },
      withObject({ key: `%${long}` }),
    ])
      expect(JSON.stringify(read(value)).length).toBeLessThan(400)
  })
})

describe('hostile bodies', () => {
  const mebibyte = 2 ** 20

  test.each([
    ['brackets', '['.repeat(mebibyte)],
    ['closed brackets', '['.repeat(mebibyte / 2) + ']'.repeat(mebibyte / 2)],
    ['objects within objects', '{"Records":'.repeat(90_000) + '[]' + '}'.repeat(90_000)],
    ['payloads within payloads', '{"requestPayload":'.repeat(50_000) + '{}' + '}'.repeat(50_000)],
    ['many empty records', `{"Records":[${'{},'.repeat(300_000)}{}]}`],
    [
      'a long key',
      JSON.stringify({ Records: [{ ...record, s3: { ...record.s3, object: { key: '%'.repeat(mebibyte) } } }] }),
    ],
    ['a large number', '9'.repeat(mebibyte)],
    ['a long text', `"${'\\u0000'.repeat(170_000)}"`],
  ])('of %s are unreadable', (_name, body) => {
    expect(readNotification(body).kind).toBe('unreadable')
  })

  test('of envelopes without end are unreadable', () => {
    let body = JSON.stringify({ Records: [record] })
    for (let depth = 0; depth < 9; depth++) body = JSON.stringify({ Type: 'Notification', Message: body })
    expect(readNotification(body)).toEqual({ kind: 'unreadable', why: 'Too many envelopes are around the event.' })
  })

  test('of prototypes change nothing', () => {
    const inner = JSON.stringify(record).slice(1, -1)
    for (const name of ['__proto__', 'constructor', 'prototype']) {
      expect(readNotification(`{"${name}":{"Records":[{${inner}}],"polluted":1}}`).kind).toBe('unreadable')
      expect(readNotification(`{"Records":[{"${name}":{"polluted":1},${inner}}]}`).kind).toBe('objects')
      expect(readNotification(`{"requestPayload":{"${name}":{"Records":[{${inner}}]}}}`).kind).toBe('unreadable')
      expect(readNotification(`{"Records":[{"${name}":{${inner}}}]}`).kind).toBe('unreadable')
    }
    expect('polluted' in {}).toBe(false)
  })
})

test('what is printed in any form is read back', limitMs, () => {
  const check = ({ objects, ignored, body }: { objects: readonly unknown[]; ignored: number; body: string }): void => {
    expect(readNotification(body)).toEqual({ kind: 'objects', objects, ignored })
  }
  fc.assert(fc.property(anyNotification, check), cases)
})

/** Edits of a text: at a place, so many characters give way to others. */
const edits = fc.array(
  fc.record({
    place: fc.nat(10_000),
    gone: fc.nat(20),
    put: fc.oneof(
      fc.constantFrom(
        '"',
        '\\',
        '{',
        '}',
        '[',
        ']',
        ',',
        ':',
        'null',
        '1e999',
        '""',
        '{}',
        '\\ud800',
        '%',
        '__proto__',
      ),
      fc.string({ unit: 'binary', maxLength: 3 }),
      fc.json({ maxDepth: 2 }),
    ),
  }),
  { minLength: 1, maxLength: 4 },
)

test('what is changed at random is read, or is not, and never throws', limitMs, () => {
  fc.assert(
    fc.property(anyNotification, edits, ({ body }, changes) => {
      let text = body
      for (const { place, gone, put } of changes) {
        const at = place % (text.length + 1)
        text = text.slice(0, at) + put + text.slice(at + gone)
      }
      const found = readNotification(text)
      expect(['objects', 'test', 'other', 'unreadable']).toContain(found.kind)
      if (found.kind !== 'objects') return
      expect(found.objects.length).toBeGreaterThan(0)
      for (const { bucket, key, size } of found.objects) {
        expect([bucket, key]).not.toContain('')
        expect(size === undefined || (Number.isSafeInteger(size) && size >= 0)).toBe(true)
      }
    }),
    cases,
  )
})

test('any JSON is read, or is not, and never throws', limitMs, () => {
  const value = fc.jsonValue()
  const odd = fc.record(
    {
      Records: value,
      Event: value,
      Bucket: value,
      Type: fc.oneof(value, fc.constantFrom('Notification', 'SubscriptionConfirmation')),
      Message: fc.oneof(value, fc.json()),
      source: fc.oneof(value, fc.constant('aws.s3')),
      'detail-type': fc.oneof(value, fc.constant('Object Created')),
      detail: value,
      requestPayload: value,
    },
    { requiredKeys: [] },
  )
  fc.assert(
    fc.property(fc.oneof(value, odd), (given) => {
      expect(['test', 'other', 'unreadable']).toContain(read(given).kind)
    }),
    cases,
  )
})
