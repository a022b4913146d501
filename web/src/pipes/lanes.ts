import type { PipeDetails, StageEntry } from './api.ts'

/** A pipe, and the stage that it reads; undefined where that is gone. */
export interface Lane {
  readonly pipe: PipeDetails
  readonly stage: StageEntry | undefined
  /** Other pipes on the same queue, by their names. */
  readonly sharing: readonly string[]
}

/** One lane a pipe, and the stages that none reads, both in the order of their names. */
export interface Way {
  readonly lanes: readonly Lane[]
  readonly unread: readonly StageEntry[]
}

export function wayOf(pipes: readonly PipeDetails[], stages: readonly StageEntry[]): Way {
  const byName = new Map(stages.map((stage) => [stage.name, stage]))
  const read = new Set(pipes.map(({ stage }) => stage))
  return {
    lanes: pipes.map((pipe) => ({
      pipe,
      stage: byName.get(pipe.stage),
      sharing: pipes
        .filter(({ name, queue }) => queue !== null && queue === pipe.queue && name !== pipe.name)
        .map(({ name }) => name),
    })),
    unread: stages.filter(({ name }) => !read.has(name)),
  }
}

/** What all pipes do together. */
export interface Sum {
  readonly pipes: number
  readonly running: number
  /** Names of those that are stalled or broken. */
  readonly ailing: readonly string[]
  /** Messages that wait in queues; one that several pipes share counts once. */
  readonly messages: number
  readonly files: number
  readonly lagSeconds: number
  readonly parked: number
}

export function sumOf(pipes: readonly PipeDetails[]): Sum {
  const queues = new Map(pipes.map(({ name, queue, queue_messages }) => [queue ?? name, queue_messages ?? 0]))
  const count = (of: (pipe: PipeDetails) => number): number => pipes.reduce((sum, pipe) => sum + of(pipe), 0)
  return {
    pipes: pipes.length,
    running: count(({ state }) => (state === 'running' ? 1 : 0)),
    ailing: pipes.filter(({ state }) => state === 'stalled' || state === 'broken').map(({ name }) => name),
    messages: [...queues.values()].reduce((sum, messages) => sum + messages, 0),
    files: count(({ pending_files }) => pending_files),
    lagSeconds: Math.max(0, ...pipes.map(({ lag_seconds }) => lag_seconds ?? 0)),
    parked: count(({ parked_files }) => parked_files),
  }
}

/** How a pipe learns of new objects. */
export type Source = 'queue' | 'folder' | 'listing' | 'refresh' | 'unknown'

export function sourceOf({ auto_ingest, queue, location, state }: PipeDetails): Source {
  if (state === 'broken') return 'unknown'
  if (!auto_ingest) return 'refresh'
  if (queue !== null) return 'queue'
  return location?.startsWith('file:') === true ? 'folder' : 'listing'
}

/** What goes over from one station to the next: it moves, it could, it waits, or it cannot. */
export type Passage = 'moves' | 'open' | 'held' | 'cut'

/** Before the queue, before the pipe, and before the table. */
export function passagesOf(
  { pipe: { state, pending_files, queue_messages }, stage }: Pick<Lane, 'pipe' | 'stage'>,
  rowsPerMinute: number,
): readonly [Passage, Passage, Passage] {
  const isWaiting = pending_files > 0 || (queue_messages ?? 0) > 0
  if (state === 'broken') return stage === undefined ? ['cut', 'cut', 'cut'] : ['open', 'open', 'cut']
  if (state === 'stalled') return ['open', 'open', 'cut']
  if (state !== 'running') return ['open', 'held', 'held']
  const isMoving = rowsPerMinute > 0
  return ['open', isWaiting || isMoving ? 'moves' : 'open', isMoving ? 'moves' : 'open']
}

/** A name without database and schema where they are the ones that nobody has to say. */
export function shortName(name: string): string {
  const usual = 'MILLRACE.PUBLIC.'
  return name.startsWith(usual) && name.length > usual.length ? name.slice(usual.length) : name
}

/** A name as a statement says it; a placeholder for one that would have to be quoted: its parts cannot be told apart. */
export function sqlName(name: string): string {
  return /^[A-Z_][A-Z0-9_$]*(\.[A-Z_][A-Z0-9_$]*){2}$/.test(name) ? name : 'NAME'
}

/** What an ARN of a queue ends with. */
export function queueName(arn: string): string {
  return arn.slice(arn.lastIndexOf(':') + 1)
}

/** What files that load history has from a place begin with. */
export function historyPlace(location: string): string {
  if (!location.startsWith('file:')) return location
  try {
    return decodeURIComponent(new URL(location).pathname)
  } catch {
    return location
  }
}
