import * as fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import type { PipeDetails, StageEntry } from '../../src/api/pipe.ts'
import {
  historyPlace,
  passagesOf,
  queueName,
  shortName,
  sourceOf,
  sqlName,
  sumOf,
  wayOf,
} from '../../web/src/pipes/lanes.ts'
import { cases } from '../aws/scale.ts'
import { bucketOf, notificationFor } from '../../web/src/pipes/notification.ts'
import { rowsPerMinute, sampled, type Samples } from '../../web/src/pipes/rate.ts'
import { shownInterval, shownSpan } from '../../web/src/pipes/span.ts'

const usual: PipeDetails = {
  name: 'MILLRACE.PUBLIC.FLOW',
  state: 'running',
  reason: null,
  pending_files: 0,
  oldest_pending_file: null,
  oldest_pending_at: null,
  lag_seconds: 0,
  newest_event_at: null,
  last_received_at: null,
  last_forwarded_at: null,
  last_loaded_at: null,
  last_loaded_file: null,
  queue: 'arn:aws:sqs:eu-west-1:123456789012:events',
  queue_messages: 0,
  queue_messages_in_hand: 0,
  parked_files: 0,
  definition: '',
  stage: 'MILLRACE.PUBLIC.S',
  location: 's3://logs/AWSLogs/',
  table_name: 'logs.vpc_flow_logs',
  auto_ingest: true,
  reconcile_seconds: 900,
  comment: null,
  created_at: '2026-11-20T12:00:00.000Z',
  start_at: null,
  listed_at: null,
  files: 0,
  rows: 0,
  failed_files: 0,
}

function pipe(facts: Partial<PipeDetails>): PipeDetails {
  return { ...usual, ...facts }
}

function stage(name: string): StageEntry {
  const created_at = '2026-11-20T12:00:00.000Z'
  return { name, url: 's3://logs/', integration: null, endpoint: null, comment: null, created_at, pipes: [] }
}

describe('lanes', () => {
  test('a lane is a pipe with its stage; what no pipe reads is left', () => {
    const pipes = [pipe({ name: 'A' }), pipe({ name: 'B', stage: 'LOST', queue: null }), pipe({ name: 'C' })]
    const { lanes, unread } = wayOf(pipes, [stage('MILLRACE.PUBLIC.S'), stage('OTHER')])

    expect(lanes.map(({ pipe: { name }, stage: read, sharing }) => [name, read?.name, sharing])).toEqual([
      ['A', 'MILLRACE.PUBLIC.S', ['C']],
      ['B', undefined, []],
      ['C', 'MILLRACE.PUBLIC.S', ['A']],
    ])
    expect(unread.map(({ name }) => name)).toEqual(['OTHER'])
  })

  test('messages of a queue that pipes share count once', () => {
    const pipes = [
      pipe({ name: 'A', queue_messages: 7, pending_files: 2, lag_seconds: 3 }),
      pipe({ name: 'B', queue_messages: 7, pending_files: 1, lag_seconds: 90, state: 'stalled' }),
      pipe({ name: 'C', queue: 'arn:aws:sqs:eu-west-1:1:other', queue_messages: 1, parked_files: 4, state: 'paused' }),
      pipe({ name: 'D', queue: null, queue_messages: null, state: 'broken' }),
    ]

    expect(sumOf(pipes)).toEqual({
      pipes: 4,
      running: 1,
      ailing: ['B', 'D'],
      messages: 8,
      files: 3,
      lagSeconds: 90,
      parked: 4,
    })
    expect(sumOf([])).toMatchObject({ pipes: 0, messages: 0, lagSeconds: 0 })
  })

  test.each([
    [{}, 'queue'],
    [{ queue: null }, 'listing'],
    [{ queue: null, location: 'file:///logs/' }, 'folder'],
    [{ auto_ingest: false }, 'refresh'],
    [{ state: 'broken', queue: null, location: null }, 'unknown'],
  ] as const)('a pipe with %j learns of objects by %s', (facts, source) => {
    expect(sourceOf(pipe(facts))).toBe(source)
  })

  test.each([
    ['idle', {}, 0, ['open', 'open', 'open']],
    ['with messages', { queue_messages: 3 }, 0, ['open', 'moves', 'open']],
    ['loading', { pending_files: 1 }, 60, ['open', 'moves', 'moves']],
    ['paused', { state: 'paused', queue_messages: 3 }, 60, ['open', 'held', 'held']],
    ['stopped', { state: 'stopped' }, 0, ['open', 'held', 'held']],
    ['stalled', { state: 'stalled', pending_files: 9 }, 0, ['open', 'open', 'cut']],
    ['without its table', { state: 'broken' }, 0, ['open', 'open', 'cut']],
  ] as const)('what goes over in a pipe that is %s', (_, facts, rate, passages) => {
    expect(passagesOf({ pipe: pipe(facts), stage: stage('S') }, rate)).toEqual(passages)
  })

  test('nothing goes over where the stage is gone', () => {
    expect(passagesOf({ pipe: pipe({ state: 'broken' }), stage: undefined }, 0)).toEqual(['cut', 'cut', 'cut'])
  })

  test.each([
    ['MILLRACE.PUBLIC.FLOW', 'FLOW', 'MILLRACE.PUBLIC.FLOW'],
    ['OTHER.PUBLIC.FLOW', 'OTHER.PUBLIC.FLOW', 'OTHER.PUBLIC.FLOW'],
    ['MILLRACE.PUBLIC.a.b', 'a.b', 'NAME'],
    ["MILLRACE.PUBLIC.X'; drop table t; --", "X'; drop table t; --", 'NAME'],
    ['MILLRACE.PUBLIC.', 'MILLRACE.PUBLIC.', 'NAME'],
  ])('%s is shown as %s and said as %s', (name, short, sql) => {
    expect([shortName(name), sqlName(name)]).toEqual([short, sql])
  })

  test('a queue is called by the end of its ARN', () => {
    expect(queueName('arn:aws:sqs:eu-west-1:1:millrace-logs')).toBe('millrace-logs')
  })

  test.each([
    ['s3://b/a b/', 's3://b/a b/'],
    ['file:///var/log%20s/', '/var/log s/'],
    ['file:///%E0%A4%A/', 'file:///%E0%A4%A/'],
  ])('files of %s are in history as %s…', (location, place) => {
    expect(historyPlace(location)).toBe(place)
  })
})

describe('rows a minute', () => {
  /** Rows by seconds, such as `0:5 10:9`. */
  const seen = (moments: string): Samples =>
    moments
      .split(' ')
      .map((moment) => moment.split(':').map(Number))
      .reduce<Samples>((before, [at = 0, rows = 0]) => sampled(before, [{ name: 'P', rows }], at * 1000), new Map())

  test.each([
    ['unknown before enough was seen', '0:5', undefined],
    ['unknown over too little time', '0:0 2:100', undefined],
    ['none where none came', '0:7 5:7', 0],
    ['what came', '0:0 15:100 30:100', 200],
    ['those of the last minute', '0:0 50:1000 100:1000', 0],
    ['counted anew where they became fewer', '0:900 10:0 20:10', 60],
  ])('are %s', (_, moments, rate) => {
    expect(rowsPerMinute(seen(moments).get('P'))).toBe(rate)
  })

  test('pipes that are gone are forgotten', () => {
    expect([...sampled(seen('0:1'), [{ name: 'Q', rows: 1 }], 1).keys()]).toEqual(['Q'])
  })
})

describe('spans', () => {
  test.each([
    [0, '0 sec', '0 秒'],
    [0.2, '1 sec', '1 秒'],
    [59.1, '1 min', '1 分'],
    [90, '1 min 30 sec', '1 分 30 秒'],
    [3600, '1 hr', '1 時間'],
    [3661, '1 hr 1 min', '1 時間 1 分'],
    [86_400 + 59, '1 day', '1 日'],
    [10 * 86_400 + 3600, '10 days 1 hr', '10 日 1 時間'],
  ])('%d seconds are %s', (seconds, en, ja) => {
    expect([shownSpan(seconds, 'en'), shownSpan(seconds, 'ja')]).toEqual([en, ja])
  })

  test.each([
    [10, '10 seconds'],
    [60, 'minute'],
    [900, '15 minutes'],
    [3660, '1 hour 1 minute'],
  ])('every %d seconds is every %s', (seconds, en) => {
    expect(shownInterval(seconds, 'en')).toBe(en)
  })

  test('no span is longer than it is, or by a unit that it says', () => {
    const length = {
      day: 86_400,
      days: 86_400,
      hour: 3600,
      hours: 3600,
      minute: 60,
      minutes: 60,
      second: 1,
      seconds: 1,
    }
    fc.assert(
      fc.property(fc.nat({ max: 5_000_000 }), (seconds) => {
        const parts = [...shownSpan(seconds, 'en', 'long').matchAll(/([\d,]+) (\w+)/g)]
        const said = parts.map(([, count = '', unit = '']) => {
          const known = Object.entries(length).find(([name]) => name === unit)
          return [Number(count.replaceAll(',', '')), known?.[1] ?? Number.NaN] as const
        })
        const sum = said.reduce((all, [count, unit]) => all + count * unit, 0)
        const first = said[0]?.[1] ?? Number.NaN
        expect(parts.length).toBeGreaterThan(0)
        expect(seconds - sum).toBeGreaterThanOrEqual(0)
        expect(seconds - sum).toBeLessThan(Math.max(1, first / 20))
      }),
      cases,
    )
  })
})

describe('what a notification needs', () => {
  test('both texts are JSON that names bucket, prefix and queue', () => {
    const queue = 'arn:aws-cn:sqs:cn-north-1:1:q'
    const { configuration, commands, policy } = notificationFor({ bucket: 'logs', prefix: 'a b/x=1/', queue })

    expect(JSON.parse(configuration)).toEqual({
      QueueConfigurations: [
        {
          Id: 'millrace',
          QueueArn: queue,
          Events: ['s3:ObjectCreated:*'],
          Filter: { Key: { FilterRules: [{ Name: 'prefix', Value: 'a+b/x%3D1/' }] } },
        },
      ],
    })
    expect(JSON.parse(policy)).toMatchObject({
      Statement: [{ Resource: queue, Condition: { ArnLike: { 'aws:SourceArn': 'arn:aws-cn:s3:::logs' } } }],
    })
    expect(commands).toContain('--bucket logs --notification-configuration file://notification.json')
    expect(Math.max(...configuration.split('\n').map((line) => line.length))).toBeLessThan(80)
  })

  test('a bucket that is read as a whole has no filter', () => {
    expect(notificationFor({ bucket: 'logs', prefix: '', queue: 'arn:aws:sqs:r:1:q' }).configuration).not.toContain(
      'Filter',
    )
  })

  test.each([
    ['s3://logs', { bucket: 'logs', prefix: '' }],
    ['s3://logs/a/b', { bucket: 'logs', prefix: 'a/b' }],
    ['file:///logs/', undefined],
    ['s3://$(reboot)/a', undefined],
    ['', undefined],
  ])('the bucket of %j', (location, bucket) => {
    expect(bucketOf(location)).toEqual(bucket)
  })
})
