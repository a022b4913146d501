import * as fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import type { StreamEntry } from '../../src/api/stream.ts'
import type { TaskDetails, TaskRunEntry } from '../../src/api/task.ts'
import { lengthOf, passagesOf, readSchedule, rowsOf, sumOf, triggerOf, wayOf } from '../../web/src/tasks/graph.ts'
import { shownLength } from '../../web/src/tasks/length.ts'
import { cases } from '../aws/scale.ts'

const at = '2026-11-20T12:00:00.000Z'

function run(facts: Partial<TaskRunEntry> = {}): TaskRunEntry {
  return {
    ...{ task: 'T', query_id: '1', state: 'SUCCEEDED', scheduled_from: 'SCHEDULE', scheduled_at: at, started_at: at },
    ...{ completed_at: at, rows_inserted: 0, rows_updated: 0, rows_deleted: 0, notices: [], error_code: null },
    ...{ error_message: null, run_id: 1, graph_run_group_id: 1, attempt_number: 1, skipped_runs: 0 },
    ...facts,
  }
}

function task(name: string, facts: Partial<TaskDetails> = {}): TaskDetails {
  return {
    ...{ name, state: 'started', is_running: false, schedule: null, next_due_at: null, last_state: null },
    ...{ last_started_at: null, last_completed_at: null, last_error: null, last_success_at: null },
    ...{
      last_suspended_at: null,
      last_suspended_reason: null,
      consecutive_failures: 0,
      runs: 0,
      failed_runs: 0,
      inputs_without_rows: 0,
    },
    ...{ skipped_runs: 0, last_skipped_at: null, definition: '', body: '', condition: null, predecessors: [] },
    ...{ finalizes: null, last_run: null, noticed_runs: 0, comment: null, created_at: at },
    ...facts,
  }
}

function stream(name: string, facts: Partial<StreamEntry> = {}): StreamEntry {
  return {
    ...{ name, table_name: 'X', mode: 'DEFAULT', stale: false, stale_reason: null, has_data: false },
    ...{ read_to_load_id: 0, tasks: [], comment: null, created_at: at },
    ...facts,
  }
}

/** The lanes in their order, each below its step, such as `A .B ..C`. */
function shownLanes(tasks: readonly TaskDetails[]): string {
  return wayOf(tasks, [])
    .lanes.map(({ task: { name }, depth }) => `${'.'.repeat(depth)}${name}`)
    .join(' ')
}

describe('lanes', () => {
  test('a lane is a task with the streams that it names; what no task names is left', () => {
    const streams = [
      stream('S', { tasks: ['B', 'A'] }),
      stream('T', { tasks: ['B'] }),
      stream('U', { tasks: ['GONE'] }),
    ]
    const { lanes, unread } = wayOf([task('A'), task('B')], streams)

    expect(lanes.map(({ task: { name }, streams: named }) => [name, named.map((one) => one.name)])).toEqual([
      ['A', ['S']],
      ['B', ['S', 'T']],
    ])
    expect(unread.map(({ name }) => name)).toEqual(['U'])
  })

  test.each([
    ['below the task before it', [task('A', { predecessors: ['Z'] }), task('B'), task('Z')], 'B Z .A'],
    [
      'below the last of those before it',
      [
        task('D', { predecessors: ['B', 'C'] }),
        task('A'),
        task('B', { predecessors: ['A'] }),
        task('C', { predecessors: ['B'] }),
      ],
      'A .B ..C ...D',
    ],
    [
      'at the end of its graph',
      [task('A', { finalizes: 'R' }), task('B', { predecessors: ['R'] }), task('R'), task('S')],
      'R .B .A S',
    ],
    [
      'alone where what it names is gone',
      [task('A', { predecessors: ['GONE'] }), task('B', { finalizes: 'GONE' })],
      'A B',
    ],
    ['even in a circle', [task('A', { predecessors: ['B'] }), task('B', { predecessors: ['A'] })], 'A .B'],
  ])('a task stands %s', (_, tasks, shown) => {
    expect(shownLanes(tasks)).toBe(shown)
  })

  test('every task of any graph has one lane, behind all that run before it', () => {
    const graphs = fc.array(fc.uniqueArray(fc.nat({ max: 11 }), { maxLength: 3 }), { maxLength: 12 })
    fc.assert(
      fc.property(graphs, fc.nat(), (graph, seed) => {
        const tasks = graph.map((before, index) =>
          task(`T${index}`, { predecessors: before.filter((one) => one < index).map((one) => `T${one}`) }),
        )
        const turned = tasks.map((_, index) => tasks[(index + seed) % tasks.length]).filter((one) => one !== undefined)
        const { lanes } = wayOf(turned, [])
        const order = lanes.map((lane) => lane.task.name)

        expect(order.toSorted()).toEqual(tasks.map(({ name }) => name).toSorted())
        for (const { task: one, depth } of lanes) {
          expect(depth > 0).toBe(one.predecessors.length > 0)
          for (const before of one.predecessors) expect(order.indexOf(before)).toBeLessThan(order.indexOf(one.name))
        }
      }),
      cases,
    )
  })
})

describe('a task', () => {
  test.each([
    [{ schedule: '1 MINUTE' }, true, 'schedule'],
    [{}, true, 'stream'],
    [{ predecessors: ['A'] }, true, 'tasks'],
    [{ finalizes: 'A' }, false, 'graph'],
    [{}, false, 'hand'],
  ] as const)('with %j that asks streams (%s) waits for: %s', (facts, asksStreams, trigger) => {
    expect(triggerOf(task('T', facts), asksStreams)).toBe(trigger)
  })

  test.each([
    ['10 MINUTE', { seconds: 600 }],
    ['1 HOUR', { seconds: 3600 }],
    ['30 SECOND', { seconds: 30 }],
    ['USING CRON 0 9 * * * Europe/Berlin', { cron: '0 9 * * * Europe/Berlin' }],
  ])('%s is read', (schedule, read) => {
    expect(readSchedule(schedule)).toEqual(read)
  })

  test.each([
    ['new', { state: 'suspended' }, {}, ['held', 'held']],
    ['at work', { is_running: true, last_run: run({ state: 'EXECUTING' }) }, {}, ['moves', 'moves']],
    ['done', { last_run: run() }, {}, ['open', 'open']],
    ['failed', { last_run: run({ state: 'FAILED' }) }, {}, ['open', 'cut']],
    [
      'suspended by failures',
      { state: 'suspended', last_run: run({ state: 'FAILED_AND_AUTO_SUSPENDED' }) },
      {},
      ['held', 'cut'],
    ],
    ['without its table', { last_run: run() }, { stale: true }, ['cut', 'open']],
  ] as const)('what goes over in a task that is %s', (_, facts, source, passages) => {
    expect(passagesOf({ task: task('T', facts), streams: [stream('S', source)] })).toEqual(passages)
  })
})

test('what all do together', () => {
  const tasks = [
    task('A', { is_running: true, last_run: run({ state: 'FAILED' }) }),
    task('B', { state: 'suspended', last_run: run({ state: 'FAILED_AND_AUTO_SUSPENDED', notices: ['lost'] }) }),
    task('C', { last_run: run({ notices: ['lost', 'again'] }) }),
    task('D'),
  ]
  const streams = [stream('S', { has_data: true }), stream('T', { stale: true }), stream('U')]

  expect(sumOf(tasks, streams)).toEqual({
    ...{ tasks: 4, started: 3, running: 1, waiting: 1 },
    ...{ failed: ['A', 'B'], stale: ['T'], noticed: ['B', 'C'] },
  })
})

test('runs of a graph count together, from the first start to the last end', () => {
  const runs = [
    run({ rows_inserted: 3, started_at: '2026-11-20T12:00:01.000Z', completed_at: '2026-11-20T12:00:02.500Z' }),
    run({ rows_inserted: 1, rows_updated: 2, rows_deleted: 5 }),
    run({ started_at: null, completed_at: null }),
  ]

  expect(rowsOf(runs)).toEqual({ inserted: 4, updated: 2, deleted: 5 })
  expect(lengthOf(runs)).toBe(2500)
  expect(lengthOf([run({ completed_at: null })])).toBeUndefined()
})

test.each([
  [0, '0 ms'],
  [999, '999 ms'],
  [1000, '1 s'],
  [2543, '2.5 s'],
  [59_900, '59.9 s'],
  [185_000, '3 min 5 sec'],
])('%d milliseconds are %s', (ms, shown) => {
  expect(shownLength(ms, 'en')).toBe(shown)
})
