import { mkdtempSync, mkdirSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import * as fc from 'fast-check'
import type { Lake } from '../../src/index.ts'
import { canonicalAddress } from '../../src/why/address.ts'
import type { Remark, Verdict } from '../../src/why/diagnose.ts'
import { why } from '../../src/why/why.ts'
import { type Wording, wordings } from '../../src/why/wording.ts'
import { address } from '../arbitraries/spelled-values.ts'
import { openTestLake } from '../loading/template.ts'

const header =
  'interface-id srcaddr dstaddr srcport dstport protocol packets bytes start end action log-status tcp-flags reject-reason'
/** 2026-10-15 00:00 UTC. */
const midnight = 1_792_022_400

/** A record of a scenario: addresses and interfaces carry its number, so that all can lie in one lake. */
interface Line {
  /** Whose interface it is. */
  readonly at: 'source' | 'destination' | 'elsewhere'
  readonly way: 'request' | 'answer' | 'other' | 'skipped'
  readonly action?: 'ACCEPT' | 'REJECT'
  readonly flags?: number | '-'
  readonly minute?: number
  readonly reason?: string
}

const request = (at: Line['at'], more: Partial<Line> = {}): Line => ({ at, way: 'request', flags: 2, ...more })
const answer = (at: Line['at'], more: Partial<Line> = {}): Line => ({ at, way: 'answer', flags: 18, ...more })
/** Other traffic shows whose interface it is. */
const other = (at: Line['at']): Line => ({ at, way: 'other' })
const rejected = { action: 'REJECT' } as const

/** Where no interface is known, the records that AWS skipped anywhere count. */
const scenarios: readonly (readonly [
  what: string,
  lines: readonly Line[],
  verdict: Verdict,
  remarks: readonly Remark[],
])[] = [
  ['is answered', [request('source'), request('destination'), answer('destination'), answer('source')], 'arrives', []],
  ['is rejected where it leaves', [request('source', rejected), other('source')], 'rejected-at-source', []],
  [
    'is accepted at one interface and rejected at the other',
    [request('source'), request('destination', rejected), other('source'), other('destination')],
    'rejected-at-destination',
    [],
  ],
  [
    'is rejected on the way back, at the destination',
    [request('source'), request('destination'), answer('destination', rejected), other('source'), other('destination')],
    'answer-rejected-at-destination',
    [],
  ],
  [
    'is rejected on the way back, at the source',
    [
      request('source'),
      request('destination'),
      answer('destination'),
      answer('source', rejected),
      other('source'),
      other('destination'),
    ],
    'answer-rejected-at-source',
    [],
  ],
  ['is rejected who knows where', [request('elsewhere', rejected)], 'rejected', []],
  ['is nowhere, though both are known', [other('source'), other('destination')], 'nothing-sent', ['records-skipped']],
  ['is nowhere, and neither is known', [], 'addresses-unknown', ['records-skipped']],
  [
    'is nowhere, and records were skipped',
    [request('source'), other('source'), { at: 'source', way: 'skipped' }],
    'left-source',
    ['records-skipped'],
  ],
  [
    'leaves and does not arrive where other traffic does',
    [request('source'), other('source'), other('destination')],
    'lost-between',
    [],
  ],
  ['leaves for where nothing is logged', [request('source'), other('source')], 'left-source', []],
  [
    'arrives as SYN and is not answered',
    [request('source'), request('destination'), other('source'), other('destination')],
    'no-answer',
    [],
  ],
  [
    'arrives and is not answered, and flags are not recorded',
    [request('destination', { flags: '-' }), other('destination')],
    'no-answer',
    ['no-flags'],
  ],
  [
    'is answered with a reset',
    [request('destination'), answer('destination', { flags: 4 }), other('destination')],
    'port-closed',
    [],
  ],
  ['shows only its answer', [answer('destination'), other('destination')], 'only-answers', []],
  [
    'was accepted and is rejected by now',
    [
      request('destination', { minute: 0 }),
      answer('destination', { minute: 0 }),
      request('destination', { ...rejected, minute: 30 }),
      other('destination'),
    ],
    'rejected-at-destination',
    ['changed-over-time'],
  ],
  [
    'was rejected and is accepted by now',
    [
      request('destination', { ...rejected, minute: 0 }),
      request('destination', { minute: 30 }),
      answer('destination', { minute: 30 }),
      other('destination'),
    ],
    'arrives',
    ['changed-over-time'],
  ],
  [
    'is rejected by VPC Block Public Access',
    [request('destination', { ...rejected, reason: 'BPA' }), other('destination')],
    'rejected-at-destination',
    ['public-access-blocked'],
  ],
  [
    'is rejected by encryption controls',
    [request('destination', { ...rejected, reason: 'EC' }), other('destination')],
    'rejected-at-destination',
    ['encryption-required'],
  ],
]

const source = (place: number): string => `10.${place}.0.1`
const destination = (place: number): string => `10.${place}.0.2`

function record(place: number, { at, way, action = 'ACCEPT', flags = '-', minute = 0, reason = '-' }: Line): string {
  const start = midnight + minute * 60
  const eni = `eni-${at}-${place}`
  if (way === 'skipped') return `${eni} - - - - - - - ${start} ${start + 60} - SKIPDATA - -`
  const [from, to] = {
    request: [source(place), destination(place)],
    answer: [destination(place), source(place)],
    other: [at === 'source' ? source(place) : destination(place), '192.0.2.9'],
  }[way]
  const ports = way === 'answer' ? '443 50000' : way === 'request' ? '50000 443' : '50001 53'
  return `${eni} ${from} ${to} ${ports} 6 3 180 ${start} ${start + 60} ${action} OK ${flags} ${reason}`
}

const root = mkdtempSync(join(tmpdir(), 'millrace-why-'))
let lake: Lake

beforeAll(async () => {
  mkdirSync(join(root, 'logs'))
  const lines = scenarios.flatMap(([, list], place) => list.map((line) => record(place, line)))
  writeFileSync(join(root, 'logs', 'flows.log'), `${[header, ...lines].join('\n')}\n`)
  lake = await openTestLake(join(root, 'lake'))
  expect(await lake.load(join(root, 'logs'))).toMatchObject({ rows: lines.length, rejects: 0 })
})

afterAll(async () => {
  await lake.close()
  rmSync(root, { recursive: true })
})

const day = { from: new Date('2026-10-15T00:00:00Z'), to: new Date('2026-10-16T00:00:00Z') }

test.each(scenarios.map((scenario, place) => [scenario[0], place, scenario] as const))(
  'traffic that %s',
  async (_, place, [, lines, verdict, remarks]) => {
    const found = await why(lake, {
      source: source(place),
      destination: destination(place),
      port: 443,
      ...day,
    })

    expect(found.verdict).toBe(verdict)
    expect(found.remarks).toEqual(remarks)
    expect(found.records).toHaveLength(lines.filter(({ way }) => way === 'request' || way === 'answer').length)
    expect(found.summary).not.toMatch(/[{}]/)
    expect(found.checks.join(' ')).not.toMatch(/[{}]/)
    expect(found.notes).toHaveLength(remarks.length)
  },
)

test('a time without records says so, and another port or direction is another question', async () => {
  const ask = (question: object) =>
    why(lake, { source: source(0), destination: destination(0), port: 443, ...day, ...question })

  expect((await ask({ from: new Date('2025-01-01'), to: new Date('2025-01-02') })).verdict).toBe('no-records')
  expect((await ask({ port: 80 })).verdict).toBe('nothing-sent')
  expect((await ask({ port: undefined })).verdict).toBe('arrives')
})

test('addresses are brought into the spelling of rows', () => {
  fc.assert(
    fc.property(address(), ({ bytes, cell }) => {
      expect(canonicalAddress(bytes)).toBe(cell)
    }),
  )
})

test.each([
  [{ source: 'db.internal' }, /resolve it first/],
  [{ destination: source(0) }, /both/],
  [{ port: 70_000 }, /not a port/],
  [{ from: day.to }, /time range is empty/],
])('%j is refused with a way out', async (change, says) => {
  const asked = why(lake, { source: source(0), destination: destination(0), ...day, ...change })

  await expect(asked).rejects.toMatchObject({ code: 'USAGE', message: expect.stringMatching(says) })
})

test('both languages say as much, and name the same things', () => {
  const places = (text: string): string[] => [...text.matchAll(/\{\w+\}/g)].map(([place]) => place).toSorted()
  const shape = ({ verdicts, remarks, limits }: Wording): unknown => [
    Object.entries(verdicts).map(([verdict, words]) => [verdict, words.checks.length, places(words.checks.join())]),
    Object.keys(remarks),
    limits.length,
  ]

  expect(shape(wordings.ja)).toEqual(shape(wordings.en))
  expect(JSON.stringify(wordings.en)).not.toMatch(/[\u3000-\u9FFF]/)
})
