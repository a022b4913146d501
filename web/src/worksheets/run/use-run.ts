import { useCallback, useEffect, useRef, useState } from 'react'
import { ApiError } from '../../api/connection.ts'
import type { AthenaBill, Question } from '../../api/query.ts'
import type { Asked } from '../history.ts'
import { type Coming, type Cut, readResult } from './read-result.ts'

/** What to run, and where it stands in the editor. */
export interface Order {
  readonly asked: Asked
  readonly maxRows: number
  /** Where the statement begins in the editor's text. */
  readonly offset: number
}

/** A run as it stands. */
export interface Run {
  readonly order: Order
  /** When it began, in milliseconds. */
  readonly at: number
  readonly state: 'running' | 'done' | 'failed' | 'cancelled'
  /** Columns and rows that have come. */
  readonly coming: Coming | undefined
  /** How many rows have come: `coming` grows. */
  readonly count: number
  readonly ms: number
  readonly cut: Cut
  readonly error: ApiError | undefined
  /** What it took on Athena, if it ran there. */
  readonly bill: AthenaBill | undefined
}

export interface Running {
  readonly run: Run | undefined
  readonly start: (order: Order) => void
  readonly cancel: () => void
  /** Forgets the result. */
  readonly clear: () => void
}

/** How often a result that comes is drawn. */
const drawMs = 80

function questionOf({ asked, maxRows }: Order): Question {
  if ('query' in asked) return { name: asked.query, parameters: asked.parameters, maxRows }
  if (asked.engine === 'athena') return { sql: asked.sql, dialect: asked.dialect, engine: asked.engine, maxRows }
  return { sql: asked.sql, maxRows, ...(asked.dialect === 'duckdb' ? {} : { dialect: asked.dialect }) }
}

/** Runs one statement at a time. Leaving the page cancels it, as the button does. */
export function useRun(onEnd: (run: Run) => void): Running {
  const [run, setRun] = useState<Run>()
  const controller = useRef<AbortController>(undefined)
  const ended = useRef(onEnd)
  useEffect(() => {
    ended.current = onEnd
  })
  useEffect(
    () => () => {
      controller.current?.abort()
    },
    [],
  )

  const cancel = useCallback(() => {
    controller.current?.abort()
  }, [])

  const start = useCallback((order: Order) => {
    controller.current?.abort()
    const own = new AbortController()
    controller.current = own
    void perform(order, own.signal, (state) => {
      // A run that another took the place of is not shown any more.
      if (controller.current !== own) return
      setRun(state)
      if (state.state !== 'running') ended.current(state)
    })
  }, [])

  const clear = useCallback(() => {
    controller.current?.abort()
    controller.current = undefined
    setRun(undefined)
  }, [])

  return { run, start, cancel, clear }
}

async function perform(order: Order, signal: AbortSignal, onState: (run: Run) => void): Promise<void> {
  const startedAt = performance.now()
  const passed = (): number => Math.round(performance.now() - startedAt)
  let run: Run = {
    order,
    at: Date.now(),
    state: 'running',
    coming: undefined,
    count: 0,
    ms: 0,
    cut: undefined,
    error: undefined,
    bill: undefined,
  }
  onState(run)
  let drawnAt = -Infinity
  try {
    const { coming, cut, bill } = await readResult(questionOf(order), signal, (now) => {
      const isFirst = run.count === 0 && now.rows.count > 0
      run = { ...run, coming: now, count: now.rows.count, ms: passed() }
      if (!isFirst && performance.now() - drawnAt < drawMs) return
      drawnAt = performance.now()
      onState(run)
    })
    onState({ ...run, state: 'done', coming, count: coming.rows.count, ms: passed(), cut, bill })
  } catch (error) {
    const count = run.coming?.rows.count ?? 0
    if (signal.aborted) onState({ ...run, state: 'cancelled', count, ms: passed() })
    else onState({ ...run, state: 'failed', count, ms: passed(), error: failureOf(error) })
  }
}

function failureOf(error: unknown): ApiError {
  if (error instanceof ApiError) return error
  return error instanceof TypeError
    ? new ApiError('UNREACHABLE', 'The answer broke off: the server does not answer any more.')
    : new ApiError('INTERNAL', error instanceof Error ? error.message : String(error))
}
