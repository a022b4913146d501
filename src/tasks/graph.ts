import type { RunState } from './task.ts'

/** A task as a part of a graph, by names as one text. */
export interface GraphTask {
  readonly name: string
  readonly after: readonly string[]
  readonly finalizes: string | undefined
}

/** A root with all that runs because of it. */
export interface Graph<T> {
  readonly root: T
  /** The others, each behind all that it runs after. */
  readonly children: readonly T[]
  readonly finalizer: T | undefined
}

/** Snowflake's manual, "Create a sequence of tasks with a task graph". */
const mostTasks = 1000
const mostNeighbours = 100

/** The roots that a task belongs to: itself where nothing runs before it. More than one is an error of the graph. */
export function rootsOf(name: string, tasks: ReadonlyMap<string, GraphTask>): string[] {
  const roots = new Set<string>()
  const met = new Set<string>()
  const open = [name]
  for (let one = open.pop(); one !== undefined; one = open.pop()) {
    if (met.has(one)) continue
    met.add(one)
    const task = tasks.get(one)
    const before = task === undefined ? [] : task.finalizes === undefined ? task.after : [task.finalizes]
    const known = before.filter((each) => tasks.has(each))
    if (known.length === 0) roots.add(one)
    open.push(...known)
  }
  return [...roots]
}

/** Everything that runs because of a root. */
export function graphOf<T extends GraphTask>(root: T, tasks: Iterable<T>): Graph<T> {
  const followers = new Map<string, T[]>()
  let finalizer: T | undefined
  for (const task of tasks) {
    for (const before of task.after) followers.set(before, [...(followers.get(before) ?? []), task])
    if (task.finalizes === root.name) finalizer = task
  }
  const waiting = new Map<T, number>()
  const children: T[] = []
  const open: T[] = [root]
  for (let one = open.shift(); one !== undefined; one = open.shift()) {
    if (one !== root) children.push(one)
    for (const next of followers.get(one.name) ?? []) {
      const left = (waiting.get(next) ?? next.after.length) - 1
      waiting.set(next, left)
      if (left === 0) open.push(next)
    }
  }
  return { root, children, finalizer }
}

/** Why the graph of a task cannot be; undefined where it can. */
export function whyNoGraph(name: string, tasks: ReadonlyMap<string, GraphTask>): string | undefined {
  const task = tasks.get(name)
  if (task === undefined) return undefined
  if (hasCycle(name, tasks)) return `${name} would run after itself; leave out one of the tasks behind AFTER`
  if (task.after.length > mostNeighbours)
    return `${name} runs after ${task.after.length} tasks; at most ${mostNeighbours} can be`
  const [root = name, other] = rootsOf(name, tasks)
  if (other !== undefined) return `${name} would belong to two graphs, of ${root} and ${other}; a task has one root`
  for (const one of [...task.after, ...(task.finalizes === undefined ? [] : [task.finalizes])]) {
    const before = tasks.get(one)
    if (before?.finalizes !== undefined) return `${one} is a finalizer, and nothing runs after it`
    const next = [...tasks.values()].filter(({ after }) => after.includes(one)).length
    if (next > mostNeighbours) return `${next} tasks would run after ${one}; at most ${mostNeighbours} can`
  }
  if (task.finalizes !== undefined && root !== task.finalizes)
    return `${task.finalizes} is not the root of a graph; FINALIZE names a root`
  const finalizers = [...tasks.values()].filter(({ finalizes }) => finalizes === root)
  if (finalizers.length > 1)
    return `${root} has a finalizer already, ${finalizers.find((one) => one.name !== name)?.name ?? ''}`
  const start = tasks.get(root)
  const size = start === undefined ? 0 : graphOf(start, tasks.values()).children.length + 1 + finalizers.length
  return size > mostTasks ? `the graph of ${root} would have ${size} tasks; at most ${mostTasks} can be` : undefined
}

function hasCycle(name: string, tasks: ReadonlyMap<string, GraphTask>): boolean {
  const met = new Set<string>()
  const open = [...(tasks.get(name)?.after ?? [])]
  for (let one = open.pop(); one !== undefined; one = open.pop()) {
    if (one === name) return true
    if (met.has(one)) continue
    met.add(one)
    open.push(...(tasks.get(one)?.after ?? []))
  }
  return false
}

/** What became of a task in a run of its graph: `PASSED` where it is suspended, `STOPPED` where one before it did not succeed. */
export type Standing = RunState | 'PASSED' | 'STOPPED'

/**
 * What is to become of a task, once all before it have been decided. A suspended one is passed over, and so is what runs only after such; what
 * runs after one that succeeded and others that are passed over runs.
 */
export function nextStanding(
  task: GraphTask & { readonly isResumed: boolean },
  decided: ReadonlyMap<string, Standing>,
): 'RUN' | 'PASSED' | 'STOPPED' {
  if (!task.isResumed) return 'PASSED'
  const before = task.after.map((one) => decided.get(one) ?? 'PASSED')
  if (before.some((one) => one !== 'SUCCEEDED' && one !== 'PASSED')) return 'STOPPED'
  return before.includes('SUCCEEDED') ? 'RUN' : 'PASSED'
}
