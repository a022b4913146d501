import { type Graph, type Standing, nextStanding } from './graph.ts'
import { type RunOf, type RunParts, runTask } from './task-run.ts'
import { type ScheduledFrom, type Task, type TaskRun, taskText } from './task.ts'

/** A task as a part of a graph. */
export interface NamedTask extends Pick<Task, 'after' | 'finalizes' | 'isResumed'> {
  readonly name: string
  readonly task: Task
}

export function named(task: Task): NamedTask {
  const { after, finalizes, isResumed } = task
  return { name: taskText(task), after, finalizes, isResumed, task }
}

/** What began the run of a graph, and when it was due. */
export interface Began {
  readonly from: ScheduledFrom
  readonly scheduledMs: number
}

/** Snowflake's default. */
const usualFailureLimit = 10

/**
 * Runs the tasks of a graph, each once all before it have succeeded, one at a time: a lake has one writer. What failed is tried again as often as the root says, with what
 * was to follow it; the finalizer runs at the end, whatever became of the others. Returns the runs in their order.
 */
export async function runGraph(
  graph: Graph<NamedTask>,
  { from, scheduledMs }: Began,
  parts: RunParts & { readonly nextRunId: () => number },
  signal: AbortSignal,
): Promise<TaskRun[]> {
  const root = graph.root.task
  const runs: TaskRun[] = []
  const decided = new Map<string, Standing>()
  const groupId = parts.nextRunId()
  let attempt = 1
  let of = { rootId: root.id, groupId, runId: groupId, from, scheduledMs, attempt }
  const run = async ({ name, task }: NamedTask): Promise<TaskRun> => {
    const done = await runTask(task, { ...of, ...whenFailed(task, root, attempt) }, parts, signal)
    decided.set(name, done.state)
    runs.push(done)
    return done
  }
  for (;;) {
    if (decided.get(graph.root.name) !== 'SUCCEEDED') await run(graph.root)
    // A graph whose root had nothing to do has not run.
    if (decided.get(graph.root.name) === 'SKIPPED') return runs
    for (const child of graph.children) {
      if (signal.aborted) return runs
      const before = decided.get(child.name)
      if (before === 'SUCCEEDED' || before === 'SKIPPED' || before === 'PASSED') continue
      const standing = nextStanding(child, decided)
      if (standing === 'RUN') await run(child)
      else decided.set(child.name, standing)
    }
    const hasFailed = [...decided.values()].some((state) => state === 'FAILED')
    if (!hasFailed || attempt > root.retries || signal.aborted) break
    attempt += 1
    of = { ...of, runId: parts.nextRunId(), from: 'AUTOMATIC RETRY', scheduledMs: parts.timing.now(), attempt }
  }
  if (graph.finalizer?.isResumed === true && !signal.aborted) await run(graph.finalizer)
  return runs
}

/** A limit of its own suspends a child; that of the root, the root. */
function whenFailed(task: Task, root: Task, attempt: number): Pick<RunOf, 'suspends' | 'failureLimit' | 'isRetried'> {
  const isRetried = attempt <= root.retries && task.finalizes === undefined
  const own = task.failureLimit
  return own === undefined
    ? { suspends: root, failureLimit: root.failureLimit ?? usualFailureLimit, isRetried }
    : { suspends: task, failureLimit: own, isRetried }
}
