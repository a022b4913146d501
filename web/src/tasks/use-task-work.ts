import { useWork, type Work } from '../actions/use-work.ts'
import { act, type TaskAction, type TaskRunEntry } from './api.ts'

export type TaskWork = Work<TaskAction, readonly TaskRunEntry[]>

/** Has a task do one thing after the other. */
export function useTaskWork(name: string): TaskWork {
  return useWork(
    (action: TaskAction, signal) => act(name, action, signal),
    [['tasks'], ['streams'], ['task-runs'], ['version']],
  )
}
