import { randomUUID } from 'node:crypto'
import { MillraceError } from '../errors.ts'
import { type Began, type NamedTask, named, runGraph } from './graph-run.ts'
import { graphOf, rootsOf } from './graph.ts'
import { nextDue } from './schedule.ts'
import { followSchedule, followStreams } from './scheduler.ts'
import { SkippedTasks } from './skipped.ts'
import type { RunParts } from './task-run.ts'
import { type SkippedRuns, addSkipped, pruneRuns } from './task-store.ts'
import { type Task, type TaskName, type TaskRun, taskText } from './task.ts'

/** What runs tasks. */
export interface TasksOptions extends Omit<RunParts, 'skipped'> {
  readonly definitions: () => Promise<readonly Task[]>
  /** Another one once anything was written: streams have nothing new, and tasks are the same, as long as it is. */
  readonly version: () => string
}

/** What is known of a task beside what is kept. */
export interface TaskNow {
  /** Epoch milliseconds; undefined where it does not wait for a time. */
  readonly nextDueMs: number | undefined
  readonly isRunning: boolean
  /** Runs that had nothing to do and are not written yet. */
  readonly skipped: SkippedRuns | undefined
}

interface Following {
  readonly signature: string
  readonly stop: () => Promise<void>
}

const pruneMs = 3_600_000

/** Runs the tasks of a lake: each graph when its root is due, one run of a graph at a time. */
export class Tasks {
  private readonly options: TasksOptions
  private readonly skipped = new SkippedTasks()
  private readonly following = new Map<string, Following>()
  /** Graphs under way, by their roots; who runs one again waits for these. */
  private readonly running = new Map<string, Promise<unknown>>()
  /** When a condition was last found not to hold: as long as nothing is written it does not. */
  private readonly idleAt = new Map<string, string>()
  private read: { readonly version: string; readonly tasks: readonly Task[] } | undefined
  private known: readonly Task[] = []
  private failed: (task: string, error: unknown) => void = () => undefined
  private isStarted = false
  private ending = new AbortController()
  private turn: Promise<unknown> = Promise.resolve()
  private lastRunId = 0
  private prunedMs = Number.NEGATIVE_INFINITY

  constructor(options: TasksOptions) {
    this.options = options
  }

  /** Runs tasks when they are due until `stop`. `failed` is called with what goes wrong beside the tasks themselves. */
  async start(failed: (task: string, error: unknown) => void): Promise<void> {
    this.isStarted = true
    this.failed = failed
    await this.sync()
  }

  /** Ends what runs, which is then cancelled, and writes what was only counted. */
  async stop(): Promise<void> {
    this.isStarted = false
    this.ending.abort()
    await this.inTurn(async () => {
      await Promise.all([...this.following.values()].map(({ stop }) => stop()))
      this.following.clear()
      await Promise.allSettled([...this.running.values()])
      const idle = this.skipped.all()
      if (idle.length === 0) return
      await this.options.transaction(async (connection) => {
        for (const one of idle) await addSkipped(connection, one, randomUUID())
      })
      for (const one of idle) this.skipped.forget(one)
    })
    // What is asked for from now on is run by who asks.
    this.ending = new AbortController()
  }

  /** Brings what runs in line with the catalog: called when it has changed. Runs under way go on as they began. */
  async sync(): Promise<void> {
    // A run that is to end before all does may call this: it must not wait for that.
    if (!this.isStarted) return
    await this.inTurn(async () => {
      if (!this.isStarted) return
      this.known = await this.definitions()
      this.skipped.keepOnly(new Set(this.known.map(taskText)))
      const ids = new Set(this.known.map(({ id }) => id))
      for (const id of this.idleAt.keys()) if (!ids.has(id)) this.idleAt.delete(id)
      const wanted = new Map(this.known.filter(isFollowed).map((task) => [taskText(task), task]))
      for (const [name, { signature, stop }] of [...this.following]) {
        const task = wanted.get(name)
        if (task !== undefined && signatureOf(task) === signature) continue
        await stop()
        this.following.delete(name)
      }
      for (const [name, task] of wanted) if (!this.following.has(name)) this.following.set(name, this.follow(task))
    })
  }

  /** Whether tasks run by themselves here. */
  get isRunning(): boolean {
    return this.isStarted
  }

  /** Throws for a task that is not there, or is no root. */
  async requireRoot(name: TaskName): Promise<void> {
    const text = taskText(name)
    const tasks = namedTasks(await this.definitions())
    if (!tasks.has(text))
      throw new MillraceError('TASK_MISSING', `TASK ${text} does not exist; SHOW TASKS lists what there is.`)
    const [root = text] = rootsOf(text, tasks)
    if (root !== text)
      throw new MillraceError(
        'STATEMENT_FAILED',
        `TASK ${text} runs as part of the graph of ${root}; execute that one.`,
      )
  }

  /** Runs a graph once, from its root on, behind a run that is under way; resolves at its end. Throws as `requireRoot` does. */
  async execute(name: TaskName, signal: AbortSignal): Promise<TaskRun[]> {
    await this.requireRoot(name)
    const text = taskText(name)
    while (this.running.has(text)) await this.running.get(text)?.catch(() => undefined)
    const began: Began = { from: 'EXECUTE_TASK', scheduledMs: this.options.timing.now() }
    return this.runOnce(text, began, AbortSignal.any([signal, this.ending.signal]))
  }

  /** The same without waiting for its end; what goes wrong is in the history. */
  executeSoon(name: TaskName): void {
    const { signal } = this.ending
    this.execute(name, signal).catch((error: unknown) => {
      if (!signal.aborted) this.failed(taskText(name), error)
    })
  }

  /** What is known of a task beside what is kept. */
  now(task: Task): TaskNow {
    const name = taskText(task)
    const { schedule, resumedMs = 0 } = task
    const isWaiting = this.following.has(name) && schedule !== undefined
    return {
      nextDueMs: isWaiting ? nextDue(schedule, resumedMs, this.options.timing.now()) : undefined,
      isRunning: this.running.has(name),
      skipped: this.skipped.of(task),
    }
  }

  private follow(task: Task): Following {
    const stopping = new AbortController()
    const name = taskText(task)
    const { timing, version } = this.options
    const holds = (one: Task): Promise<boolean> => this.holds(one)
    const run = async (began: Began): Promise<void> => {
      // A run that is due while another is under way is left out.
      if (this.running.has(name)) return
      await this.runOnce(name, began, this.ending.signal).catch((error: unknown) => {
        this.failed(name, error)
      })
    }
    const parts = { timing, run, holds, version }
    const follow = task.schedule === undefined ? followStreams : followSchedule
    const ended = follow(task, parts, stopping.signal).catch((error: unknown) => {
      if (!stopping.signal.aborted) this.failed(name, error)
    })
    return {
      signature: signatureOf(task),
      // A run that it began goes on: what waits for it here could be that run itself.
      stop: async () => {
        stopping.abort()
        if (!this.running.has(name)) await ended
      },
    }
  }

  private async runOnce(root: string, began: Began, signal: AbortSignal): Promise<TaskRun[]> {
    const work = this.runNow(root, began, signal)
    this.running.set(root, work)
    try {
      return await work
    } finally {
      this.running.delete(root)
    }
  }

  private async runNow(root: string, began: Began, signal: AbortSignal): Promise<TaskRun[]> {
    signal.throwIfAborted()
    // As they are now: an earlier run has counted failures, and it may be suspended meanwhile.
    const tasks = namedTasks(await this.definitions())
    const task = tasks.get(root)
    if (task === undefined) return []
    const own = { holds: (one: Task) => this.holds(one), nextRunId: () => this.nextRunId(), skipped: this.skipped }
    const parts = { ...this.options, ...own }
    const runs = await runGraph(graphOf(task, tasks.values()), began, parts, signal)
    if (runs.some(({ state }) => state === 'FAILED_AND_AUTO_SUSPENDED'))
      this.sync().catch((error: unknown) => {
        this.failed(root, error)
      })
    if (runs.some(({ state }) => state !== 'SKIPPED')) await this.prune()
    return runs
  }

  private async definitions(): Promise<readonly Task[]> {
    const version = this.options.version()
    if (this.read?.version === version) return this.read.tasks
    const tasks = await this.options.definitions()
    this.read = { version, tasks }
    return tasks
  }

  private async holds(task: Task): Promise<boolean> {
    const version = this.options.version()
    if (this.idleAt.get(task.id) === version) return false
    const isDue = await this.options.holds(task)
    if (isDue) this.idleAt.delete(task.id)
    else this.idleAt.set(task.id, version)
    return isDue
  }

  private async prune(): Promise<void> {
    const nowMs = this.options.timing.now()
    if (nowMs - this.prunedMs < pruneMs) return
    await this.options.transaction((connection) => pruneRuns(connection, nowMs))
    this.prunedMs = nowMs
  }

  private nextRunId(): number {
    this.lastRunId = Math.max(this.options.timing.now(), this.lastRunId + 1)
    return this.lastRunId
  }

  private inTurn<T>(work: () => Promise<T>): Promise<T> {
    const result = this.turn.then(work)
    this.turn = result.catch(() => undefined)
    return result
  }
}

function namedTasks(tasks: readonly Task[]): ReadonlyMap<string, NamedTask> {
  return new Map(tasks.map((task) => [taskText(task), named(task)]))
}

/** Roots that run by themselves. */
function isFollowed({ isResumed, after, finalizes, schedule, condition }: Task): boolean {
  return (
    isResumed && after.length === 0 && finalizes === undefined && (schedule !== undefined || condition !== undefined)
  )
}

/** Another one where it is to be followed anew. */
function signatureOf({ id, schedule, resumedMs, condition, triggerMs }: Task): string {
  return JSON.stringify([id, schedule, resumedMs, condition, triggerMs])
}
