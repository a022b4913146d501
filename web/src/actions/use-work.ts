import { type QueryKey, useMutation, useQueryClient } from '@tanstack/react-query'
import { useRef } from 'react'

/** What a reader had done last, and what came of it. */
export interface Work<Action extends { readonly kind: string }, Result> {
  readonly kind: Action['kind'] | undefined
  readonly isRunning: boolean
  /** When it began, in milliseconds. */
  readonly since: number
  readonly result: Result | undefined
  /** Undefined where it was stopped. */
  readonly error: Error | undefined
  readonly wasStopped: boolean
  /** Nothing while something runs. */
  readonly start: (action: Action) => void
  readonly stop: () => void
  readonly forget: () => void
}

/** Does one thing after the other; what was read of `changes` is read anew after each. */
export function useWork<Action extends { readonly kind: string }, Result>(
  act: (action: Action, signal: AbortSignal) => Promise<Result>,
  changes: readonly QueryKey[],
): Work<Action, Result> {
  const client = useQueryClient()
  const running = useRef<AbortController>(undefined)
  const { mutate, reset, variables, data, error, isPending, submittedAt } = useMutation({
    mutationFn: (action: Action) => {
      running.current = new AbortController()
      return act(action, running.current.signal)
    },
    onSettled: () => Promise.all(changes.map((queryKey) => client.invalidateQueries({ queryKey }))),
  })
  const wasStopped = error?.name === 'AbortError'
  return {
    kind: variables?.kind,
    isRunning: isPending,
    since: submittedAt,
    result: data,
    error: error === null || wasStopped ? undefined : error,
    wasStopped,
    start: (action) => {
      if (!isPending) mutate(action)
    },
    stop: () => running.current?.abort(),
    forget: reset,
  }
}
