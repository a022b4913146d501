import { expect, test } from 'vitest'
import type { HistoryEntry } from '../../src/api.ts'
import { findEntries, readLoads, replayText, splitFile, writeLoads } from '../../web/src/loads/history.ts'

const entry: HistoryEntry = {
  table_name: 'vpc_flow_logs',
  file: '/logs/2026/Cut.log.gz',
  version: '1',
  load_id: 1,
  status: 'failed',
  lines: 0,
  rows: 0,
  rejects: 0,
  skipped: 0,
  bytes: 10,
  loaded_at: '2026-11-20 12:00:00',
  error: 'ends in the middle',
}

test.each([
  ['', 1],
  ['  cut ', 1],
  ['FLOW middle', 1],
  ['cut elsewhere', 0],
])('a file is found by words in its name, table or error: %j', (find, count) => {
  expect(findEntries([entry], find)).toHaveLength(count)
})

test('the address holds the state of the page', () => {
  const state = {
    view: 'rejects',
    status: 'failed',
    find: 'a&b=ü',
    page: 3,
    file: 's3://bucket/ key?',
  } as const

  expect(readLoads(new URL(writeLoads(state), 'http://x').searchParams)).toEqual(state)
})

test.each(['page=0', 'page=x', 'page=-2', 'page=1e99', 'status=toString', 'view=other', ''])(
  'an address that says nothing known shows all: %s',
  (search) => {
    expect(writeLoads(readLoads(new URLSearchParams(search)))).toBe('/loads')
  },
)

test.each([
  ['/a/b.log', '/a/', 'b.log'],
  ['b.log', '', 'b.log'],
  ['s3://bucket/', '', 's3://bucket/'],
])('%s is a folder and a name', (uri, folder, name) => {
  expect(splitFile(uri)).toEqual({ folder, name })
})

test.each([
  [0, 0, 'replayNone'],
  [3, 3, 'replayAll'],
  [3, 0, 'replayNothing'],
  [3, 2, 'replaySome'],
])('what came of a replay: %i read, %i rows', (replayed, rows, key) => {
  expect(replayText({ replayed, rows, rejects: replayed - rows })).toBe(key)
})
