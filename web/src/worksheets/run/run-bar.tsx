import type { ReactNode } from 'react'
import { type Translate, useChoices, useText } from '../../app/choices.tsx'
import { Icon } from '../../app/icon.tsx'
import { fullNumber, type Language } from '../../text/figures.ts'
import { useClock } from '../../app/use-clock.ts'
import type { Run } from './use-run.ts'

export const rowLimits = [1000, 10_000, 100_000, 1_000_000] as const

interface RunBarProps {
  readonly run: Run | undefined
  readonly canRun: boolean
  readonly limit: number
  readonly onLimit: (limit: number) => void
  readonly onRun: () => void
  readonly onCancel: () => void
  /** Asks for the cost; undefined where nothing is to be paid. */
  readonly onEstimate: (() => void) | undefined
  readonly children?: ReactNode
}

/** A time as people say it: milliseconds while they are few. */
export function shownTime(ms: number, text: Translate, language: Language): string {
  if (ms < 1000) return text('milliseconds', { count: ms })
  const seconds = ms < 10_000 ? Math.round(ms / 100) / 10 : Math.round(ms / 1000)
  return text('seconds', { count: fullNumber(seconds, undefined, language) })
}

/** Runs, cancels, and says how it goes. */
export function RunBar({ run, canRun, limit, onLimit, onRun, onCancel, onEstimate, children }: RunBarProps): ReactNode {
  const text = useText()
  const { language } = useChoices()
  const isRunning = run?.state === 'running'
  return (
    <div className="run-bar">
      <button type="button" className="primary" disabled={!canRun} onClick={onRun}>
        <Icon name="play" />
        {text('run')}
      </button>
      <button type="button" className="button" disabled={!isRunning} onClick={onCancel}>
        <Icon name="stop" />
        {text('runCancel')}
      </button>
      {onEstimate !== undefined && (
        <button type="button" className="button" disabled={!canRun} onClick={onEstimate}>
          {text('estimate')}
        </button>
      )}
      <RunStatus run={run} />
      {children}
      <label className="limit">
        {text('rowLimit')}
        <select
          value={limit}
          onChange={(event) => {
            onLimit(Number(event.target.value))
          }}
        >
          {rowLimits.map((known) => (
            <option key={known} value={known}>
              {fullNumber(known, undefined, language)}
            </option>
          ))}
        </select>
      </label>
    </div>
  )
}

/** How a run went or goes. What takes over a second has a clock. */
function RunStatus({ run }: { readonly run: Run | undefined }): ReactNode {
  const text = useText()
  const { language } = useChoices()
  const passed = useClock(run?.state === 'running' ? run.at : undefined)
  if (run === undefined) return <span className="run-status" role="status" />
  const rows = fullNumber(run.count, undefined, language)
  const time = shownTime(run.ms, text, language)
  const words = ((): string => {
    switch (run.state) {
      case 'done':
        return text('runDone', { rows, time })
      case 'failed':
        return text('runFailed', { time })
      case 'cancelled':
        return text(run.count === 0 ? 'runCancelled' : 'runCancelledRows', { rows, time })
      case 'running':
        return text('running')
    }
  })()
  return (
    <span className={`run-status ${run.state}`} role="status">
      {run.state === 'running' && passed >= 1000 ? (
        // Not read out each second: the word before was.
        <span aria-hidden="true">
          {text('runFor', { seconds: Math.floor(passed / 1000) })}
          {run.count > 0 && ` · ${text('runRows', { rows })}`}
        </span>
      ) : (
        words
      )}
    </span>
  )
}
