import { useMutation, useQueryClient } from '@tanstack/react-query'
import { useRef } from 'react'
import { act, type TaskAction, type TaskRunEntry } from './api.ts'

/** What a reader had a task do last, and what came of it. */
export interface Work {
  readonly kind: TaskAction['kind'] | undefined
  readonly isRunning: boolean
  /** When it began, in milliseconds. */
  readonly since: number
  readonly runs: readonly TaskRunEntry[] | undefined
  /** Undefined where it was stopped. */
  readonly error: Error | undefined
  readonly wasStopped: boolean
  /** Nothing while something runs. */
  start(action: TaskAction): void
  stop(): void
  forget(): void
}

/** Has a task do one thing after the other. */
export function useWork(name: string): Work {
  const client = useQueryClient()
  const running = useRef<AbortController>(undefined)
  const { mutate, reset, variables, data, error, isPending, submittedAt } = useMutation({
    mutationFn: (action: TaskAction) => {
      running.current = new AbortController()
      return act(name, action, running.current.signal)
    },
    onSettled: () =>
      Promise.all(
        [['tasks'], ['streams'], ['task-runs'], ['version']].map((queryKey) => client.invalidateQueries({ queryKey })),
      ),
  })
  const wasStopped = error?.name === 'AbortError'
  return {
    kind: variables?.kind,
    isRunning: isPending,
    since: submittedAt,
    runs: data,
    error: error === null || wasStopped ? undefined : error,
    wasStopped,
    start: (action) => {
      if (!isPending) mutate(action)
    },
    stop: () => running.current?.abort(),
    forget: reset,
  }
}
