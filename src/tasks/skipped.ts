import type { SkippedRuns } from './task-store.ts'
import { type Task, type TaskRun, taskText } from './task.ts'

/**
 * Runs of tasks that had nothing to do. An idle task is asked again and again, for months: such runs are counted here, a few numbers a task, and
 * written as one row with the next run that does something, or when all ends.
 */
export class SkippedTasks {
  private readonly runs = new Map<string, SkippedRuns>()

  add(
    task: Task,
    { rootId, from, scheduledMs }: Pick<TaskRun, 'rootId' | 'from' | 'scheduledMs'>,
    nowMs: number,
  ): void {
    const name = taskText(task)
    const before = this.runs.get(name)
    const isSame = before?.task.id === task.id
    const [count, firstMs] = isSame ? [before.count + 1, before.firstMs] : [1, scheduledMs]
    this.runs.set(name, { task, rootId, from, count, firstMs, lastMs: nowMs })
  }

  /** What is not written yet. */
  of(task: Task): SkippedRuns | undefined {
    return this.runs.get(taskText(task))
  }

  all(): SkippedRuns[] {
    return [...this.runs.values()]
  }

  /** To be called when it has been written. */
  forget({ task, count }: SkippedRuns): void {
    if (this.of(task)?.count === count) this.runs.delete(taskText(task))
  }

  /** Forgets tasks that are not there any more. */
  keepOnly(names: ReadonlySet<string>): void {
    for (const name of this.runs.keys()) if (!names.has(name)) this.runs.delete(name)
  }
}
