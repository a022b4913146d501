import type { ReactNode } from 'react'
import { Shape } from '../pipes/shape.tsx'
import type { StreamEntry, TaskDetails, TaskRunEntry } from './api.ts'
import { useTaskText } from './use-task-text.ts'

/** How a task is doing, by word and by shape. */
export function TaskWord({ task: { state, is_running } }: { readonly task: TaskDetails }): ReactNode {
  const text = useTaskText()
  const shown = is_running ? 'running' : state
  const words = { running: 'stateRunning', started: 'stateStarted', suspended: 'stateSuspended' } as const
  const shapes = { running: 'refresh', started: 'running', suspended: 'paused' } as const
  return (
    <span className={`pipe-state ${shown === 'suspended' ? 'paused' : 'running'}`}>
      <Shape name={shapes[shown]} />
      {text(words[shown])}
    </span>
  )
}

const runWords = {
  EXECUTING: ['runExecuting', 'refresh', 'running'],
  SUCCEEDED: ['runSucceeded', 'good', ''],
  FAILED: ['runFailed', 'broken', 'broken'],
  FAILED_AND_AUTO_SUSPENDED: ['runSuspended', 'broken', 'broken'],
  CANCELLED: ['runCancelled', 'stopped', ''],
  SKIPPED: ['runSkipped', 'paused', ''],
} as const

/** How a run ended. */
export function RunWord({ state }: Pick<TaskRunEntry, 'state'>): ReactNode {
  const text = useTaskText()
  const [word, shape, tone] = runWords[state]
  return (
    <span className={`pipe-state ${tone}`}>
      <Shape name={shape} />
      {text(word)}
    </span>
  )
}

/** Whether a stream has something to read. */
export function StreamWord({ stream: { stale, has_data } }: { readonly stream: StreamEntry }): ReactNode {
  const text = useTaskText()
  if (stale)
    return (
      <span className="pipe-state broken">
        <Shape name="broken" />
        {text('stale')}
      </span>
    )
  return (
    <span className={has_data ? 'pipe-state running' : 'pipe-state'}>
      {has_data && <Shape name="running" />}
      {text(has_data ? 'hasData' : 'noData')}
    </span>
  )
}
