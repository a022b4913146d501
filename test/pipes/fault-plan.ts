import { type SeededRandom, seededRandom } from '../arbitraries/seeded-random.ts'
import type { Mishap } from './cloud.ts'

/** Named points at which a process that runs pipes is killed. */
export const points = [
  'pipe:received',
  'pipe:loaded',
  'pipe:parked',
  'pipe:before-delete',
  'pipe:deleted',
  'pipe:listed',
  'load:rows',
  'load:rejects',
  'load:history',
  'load:before-commit',
  'load:after-commit',
] as const

/** What becomes of an object, besides being there. */
type Fate =
  | 'stays'
  /** Written again: at some time, or just before it is first read. */
  | 'replaced'
  | 'replaced-before-get'
  /** Gone just before it is first read. */
  | 'deleted'
  /** No log at all, until it is mended. */
  | 'bad'

/** An object that is put, and how it is told of. */
export interface PlannedPut {
  readonly kind: 'flow' | 'parquet'
  readonly key: string
  /** Records of the first and the second content. */
  readonly records: readonly [number, number]
  readonly atMs: number
  readonly fate: Fate
  /** When messages come, after it was put; none where they are lost. */
  readonly messagesMs: readonly number[]
}

/** Something that is done while messages come. */
export type Deed = 'pause' | 'resume' | 'refresh' | 'copy' | 'reopen' | 'fill-disk' | 'free-disk'

/** A random run. */
export interface Plan {
  readonly seed: number
  readonly hasParquet: boolean
  readonly isQueueShared: boolean
  /** Listings find what no message announced; else only REFRESH does. */
  readonly isListing: boolean
  readonly puts: readonly PlannedPut[]
  readonly deeds: readonly { readonly atMs: number; readonly deed: Deed }[]
  /** Where the process that runs the pipes is killed, and which time it comes there. */
  readonly crash: Crash | undefined
  /** The point will be reached: it is the first time. */
  readonly isPointSure: boolean
  /** How often each mishap befalls a request: once in so many. */
  readonly storage: readonly { readonly mishap: Mishap; readonly onceIn: number }[]
  readonly queue: readonly { readonly mishap: Mishap; readonly onceIn: number }[]
  /** When the queue is away: [from, to). */
  readonly awayMs: readonly [number, number]
  readonly random: SeededRandom
}

/** For how long faults and deeds happen, in milliseconds. */
export const stormMs = 1000

const objectMishaps: readonly Mishap[] = [
  { kind: 'error', status: 503, code: 'SlowDown' },
  { kind: 'error', status: 500, code: 'InternalError' },
  { kind: 'error', status: 400, code: 'ExpiredToken' },
  { kind: 'reset' },
  { kind: 'broken', share: 0.5 },
  { kind: 'short', share: 0.7 },
  { kind: 'drip', pieces: 10, ms: 60 },
]
const queueMishaps: readonly Mishap[] = [
  { kind: 'error', status: 503, code: 'ServiceUnavailable' },
  { kind: 'error', status: 400, code: 'ExpiredTokenException' },
  { kind: 'reset' },
  { kind: 'lost' },
]

/** Where a process is killed, and which time it comes there. */
export interface Crash {
  readonly point: (typeof points)[number]
  readonly time: number
}

/** The run of a seed, with a crash that is said or, once in a while, of its own. */
export function planOf(seed: number, canFillDisk: boolean, said?: Crash): Plan {
  const random = seededRandom(seed)
  const own = random.oneIn(6) ? { point: random.pick(points), time: 1 + random.below(3) } : undefined
  const crash = said ?? own
  const hasParquet = random.oneIn(3)
  const puts = Array.from({ length: 1 + random.below(random.oneIn(2) ? 40 : 8) }, (_, index) =>
    planPut(index, hasParquet, random),
  )
  // So that the point is reached.
  const fate = crash?.point === 'pipe:parked' ? 'bad' : 'stays'
  if (crash !== undefined) puts.push({ ...planPut(puts.length, false, random), fate, messagesMs: [0] })
  const choose = (mishaps: readonly Mishap[], often: number) =>
    mishaps.filter(() => random.oneIn(4)).map((mishap) => ({ mishap, onceIn: often + random.below(6) }))
  const from = random.below(stormMs)
  const isAway = random.oneIn(4)
  return {
    seed,
    hasParquet,
    isQueueShared: hasParquet && random.oneIn(2),
    isListing: random.oneIn(2),
    puts,
    deeds: crash === undefined ? planDeeds(canFillDisk, random) : [],
    crash,
    isPointSure: crash?.time === 1,
    storage: choose(objectMishaps, 2),
    queue: choose(queueMishaps, 3),
    awayMs: isAway ? [from, from + random.below(500)] : [0, 0],
    random,
  }
}

function planPut(index: number, hasParquet: boolean, random: SeededRandom): PlannedPut {
  const kind = hasParquet && random.oneIn(3) ? 'parquet' : 'flow'
  const fate: Fate = random.oneIn(3)
    ? random.pick(['replaced', 'replaced-before-get', 'deleted', 'bad'] as const)
    : 'stays'
  const copies = random.oneIn(6) ? 0 : random.oneIn(4) ? 1 + random.below(3) : 1
  return {
    kind,
    key: `${kind}/${random.below(1000)}-${index}.${kind === 'flow' ? 'log' : 'parquet'}`,
    records: [1 + random.below(50), 1 + random.below(50)],
    atMs: random.below(stormMs / 2),
    fate,
    messagesMs: Array.from({ length: copies }, () => random.below(random.oneIn(3) ? 600 : 30)),
  }
}

function planDeeds(canFillDisk: boolean, random: SeededRandom): { atMs: number; deed: Deed }[] {
  const deeds: { atMs: number; deed: Deed }[] = []
  const at = (deed: Deed, from = 0): number => {
    const atMs = from + random.below(stormMs - from)
    deeds.push({ atMs, deed })
    return atMs
  }
  if (random.oneIn(4)) at('resume', at('pause'))
  if (random.oneIn(3)) at('refresh')
  if (random.oneIn(3)) at('copy')
  if (random.oneIn(4)) at('reopen')
  if (canFillDisk && random.oneIn(5)) at('free-disk', at('fill-disk'))
  return deeds.toSorted((one, other) => one.atMs - other.atMs)
}
