import type { Timing } from '../aws/timing.ts'
import type { Began } from './graph-run.ts'
import { nextDue } from './schedule.ts'
import type { Task } from './task.ts'

interface FollowParts {
  readonly timing: Timing
  readonly run: (began: Began) => Promise<void>
  readonly holds: (task: Task) => Promise<boolean>
  readonly version: () => string
}

/** No wait is longer, so that a clock that was set, or stood still while the machine slept, is noticed. */
const longestWaitMs = 60_000
/** How often it is looked whether anything was written. */
const pollMs = 1000

/** Runs a task whenever its schedule says, until the signal ends it. What came due while it ran, or nobody was there, is left out. */
export async function followSchedule(task: Task, { timing, run }: FollowParts, signal: AbortSignal): Promise<void> {
  const { schedule, resumedMs = timing.now() } = task
  if (schedule === undefined) return
  for (;;) {
    const dueMs = nextDue(schedule, resumedMs, timing.now())
    if (dueMs === undefined) return
    for (let left = dueMs - timing.now(); left > 0; left = dueMs - timing.now())
      await timing.wait(Math.min(left, longestWaitMs), signal)
    signal.throwIfAborted()
    await run({ from: 'SCHEDULE', scheduledMs: dueMs })
  }
}

/** Runs a task without a schedule when its condition holds, at most once in its interval. As long as nothing is written, nothing is asked. */
export async function followStreams(
  task: Task,
  { timing, run, holds, version }: FollowParts,
  signal: AbortSignal,
): Promise<void> {
  let asked: string | undefined
  for (;;) {
    const now = version()
    if (now === asked) await timing.wait(pollMs, signal)
    else {
      asked = now
      // What goes wrong with the condition is the failure of a run.
      const isDue = await holds(task).catch(() => true)
      signal.throwIfAborted()
      if (isDue) {
        const beganMs = timing.now()
        await run({ from: 'TRIGGER', scheduledMs: beganMs })
        asked = undefined
        await timing.wait(Math.max(0, beganMs + task.triggerMs - timing.now()), signal)
      }
    }
  }
}
