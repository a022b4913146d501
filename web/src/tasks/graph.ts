import type { StreamEntry, TaskDetails, TaskRunEntry } from './api.ts'

/** A task with the streams that it names. */
export interface Lane {
  readonly task: TaskDetails
  readonly streams: readonly StreamEntry[]
  /** Tasks from the root of its graph to it; 0 for a root. */
  readonly depth: number
}

/** One lane a task, graph by graph, and the streams that no task names, in the order of their names. */
export interface Way {
  readonly lanes: readonly Lane[]
  readonly unread: readonly StreamEntry[]
}

export function wayOf(tasks: readonly TaskDetails[], streams: readonly StreamEntry[]): Way {
  const known = new Set(tasks.map(({ name }) => name))
  return {
    lanes: inGraphs(tasks).map(({ task, depth }) => ({
      task,
      depth,
      streams: streams.filter((stream) => stream.tasks.includes(task.name)),
    })),
    unread: streams.filter((stream) => !stream.tasks.some((name) => known.has(name))),
  }
}

/** Every task once: below a root what comes after it, a task with several before it below the last of them, and finalizers at the end. */
function inGraphs(tasks: readonly TaskDetails[]): Pick<Lane, 'task' | 'depth'>[] {
  const byName = new Map(tasks.map((task) => [task.name, task]))
  const placed = new Map<string, Pick<Lane, 'task' | 'depth'>>()
  const before = ({ predecessors }: TaskDetails): string[] => predecessors.filter((name) => byName.has(name))
  const place = (task: TaskDetails, depth: number): void => {
    placed.set(task.name, { task, depth })
    for (const next of tasks)
      if (!placed.has(next.name) && before(next).includes(task.name) && before(next).every((name) => placed.has(name)))
        place(next, depth + 1)
  }
  const ends = ({ finalizes }: TaskDetails): boolean => finalizes !== null && byName.has(finalizes)
  for (const root of tasks) {
    if (before(root).length > 0 || ends(root)) continue
    place(root, 0)
    for (const task of tasks) if (task.finalizes === root.name) place(task, 1)
  }
  for (const task of tasks) if (!placed.has(task.name)) place(task, 0)
  return [...placed.values()]
}

/** A schedule, read: seconds between two runs, or the expression with its zone. Such as `10 MINUTE` and `USING CRON 0 9 * * * UTC`. */
export function readSchedule(schedule: string): { readonly seconds: number } | { readonly cron: string } {
  const [, count = '', unit = ''] = /^(\d+) (SECOND|MINUTE|HOUR)$/.exec(schedule) ?? []
  const seconds = secondsOf.get(unit)
  return seconds === undefined ? { cron: schedule.replace(/^USING CRON /, '') } : { seconds: Number(count) * seconds }
}

const secondsOf: ReadonlyMap<string, number> = new Map([
  ['SECOND', 1],
  ['MINUTE', 60],
  ['HOUR', 3600],
])

/** What a task waits for. */
export type Trigger = 'schedule' | 'stream' | 'tasks' | 'graph' | 'hand'

/** `asksStreams`: its condition names one. */
export function triggerOf({ schedule, predecessors, finalizes }: TaskDetails, asksStreams: boolean): Trigger {
  if (schedule !== null) return 'schedule'
  if (finalizes !== null) return 'graph'
  if (predecessors.length > 0) return 'tasks'
  return asksStreams ? 'stream' : 'hand'
}

export function hasFailed({ state }: Pick<TaskRunEntry, 'state'>): boolean {
  return state === 'FAILED' || state === 'FAILED_AND_AUTO_SUSPENDED'
}

/** What goes over from one station to the next: it moves, it could, it waits, or it cannot. */
export type Passage = 'moves' | 'open' | 'held' | 'cut'

/** Before the task, and before what it did last. */
export function passagesOf({ task, streams }: Pick<Lane, 'task' | 'streams'>): readonly [Passage, Passage] {
  const { is_running, state, last_run } = task
  const isStale = streams.some(({ stale }) => stale)
  const toRun = last_run === null ? 'held' : hasFailed(last_run) ? 'cut' : 'open'
  return [
    isStale ? 'cut' : is_running ? 'moves' : state === 'suspended' ? 'held' : 'open',
    is_running ? 'moves' : toRun,
  ]
}

/** What all streams and tasks do together. */
export interface Sum {
  readonly tasks: number
  readonly started: number
  readonly running: number
  /** Streams with data. */
  readonly waiting: number
  /** Names of tasks whose last run failed. */
  readonly failed: readonly string[]
  /** Names of streams that cannot be read any more. */
  readonly stale: readonly string[]
  /** Names of tasks whose last run had something to say. */
  readonly noticed: readonly string[]
}

export function sumOf(tasks: readonly TaskDetails[], streams: readonly StreamEntry[]): Sum {
  const names = <Named extends { readonly name: string }>(
    all: readonly Named[],
    is: (one: Named) => boolean,
  ): string[] => all.filter(is).map(({ name }) => name)
  return {
    tasks: tasks.length,
    started: tasks.filter(({ state }) => state === 'started').length,
    running: tasks.filter(({ is_running }) => is_running).length,
    waiting: streams.filter(({ has_data }) => has_data).length,
    failed: names(tasks, ({ last_run }) => last_run !== null && hasFailed(last_run)),
    stale: names(streams, ({ stale }) => stale),
    noticed: names(tasks, ({ last_run }) => last_run !== null && last_run.notices.length > 0),
  }
}

/** Rows that runs wrote, together. */
export interface Rows {
  readonly inserted: number
  readonly updated: number
  readonly deleted: number
}

export function rowsOf(runs: readonly TaskRunEntry[]): Rows {
  const sum = (of: (run: TaskRunEntry) => number): number => runs.reduce((all, run) => all + of(run), 0)
  return {
    inserted: sum(({ rows_inserted }) => rows_inserted),
    updated: sum(({ rows_updated }) => rows_updated),
    deleted: sum(({ rows_deleted }) => rows_deleted),
  }
}

/** From the first start to the last end, in milliseconds; undefined where nothing has both. */
export function lengthOf(runs: readonly Pick<TaskRunEntry, 'started_at' | 'completed_at'>[]): number | undefined {
  const ended = runs.flatMap(({ started_at, completed_at }) =>
    started_at === null || completed_at === null ? [] : [[Date.parse(started_at), Date.parse(completed_at)] as const],
  )
  if (ended.length === 0) return undefined
  return Math.max(...ended.map(([, end]) => end)) - Math.min(...ended.map(([start]) => start))
}
