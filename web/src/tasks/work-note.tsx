import type { ReactNode } from 'react'
import { useChoices } from '../app/choices.tsx'
import { Icon } from '../app/icon.tsx'
import { useClock } from '../app/use-clock.ts'
import { shortName } from '../pipes/lanes.ts'
import { LongText } from '../pipes/long-text.tsx'
import { shownSpan } from '../pipes/span.ts'
import { fullNumber, shownText } from '../text/figures.ts'
import { ErrorText } from './error-text.tsx'
import { hasFailed, lengthOf, rowsOf } from './graph.ts'
import { shownLength } from './length.ts'
import { useRowsText } from './use-rows-text.ts'
import { useTaskText } from './use-task-text.ts'
import type { Work } from './use-work.ts'

const workingTexts = { run: 'workingRun', suspend: 'workingSuspend', resume: 'workingResume' } as const
const failedTexts = { run: 'failedRun', suspend: 'failedSuspend', resume: 'failedResume' } as const

/** How far work is once it takes over a second, and what came of it. */
export function WorkNote({ work }: { readonly work: Work }): ReactNode {
  const text = useTaskText()
  const { kind, isRunning, error, runs, wasStopped } = work
  const isOver = kind !== undefined && !isRunning
  const failed = runs?.filter(hasFailed) ?? []
  const outcome = useOutcome(work)
  return (
    <>
      {kind !== undefined && isRunning && <Working kind={kind} work={work} />}
      <div role="status" className="work-note">
        {isOver && failed.length === 0 && (wasStopped || runs !== undefined) && (
          <p>
            {wasStopped ? text('stopped') : outcome}
            <Dismiss work={work} />
          </p>
        )}
      </div>
      <div role="alert" className="work-note">
        {isOver && error !== undefined && (
          <p>
            {text('workFailed', { what: text(failedTexts[kind]) })} <LongText whole={error.message} />
            <Dismiss work={work} />
          </p>
        )}
        {isOver && failed.length > 0 && (
          <p>
            {text('workFailed', { what: text('failedRun') })}
            {failed.map(({ task, query_id, error_message }) => (
              <span key={query_id}>
                {`${shownText(shortName(task), 80)}: `}
                <ErrorText message={error_message ?? ''} />
              </span>
            ))}
            <Dismiss work={work} />
          </p>
        )}
      </div>
    </>
  )
}

/** What work did, in a sentence. */
function useOutcome({ kind, runs = [] }: Work): string {
  const text = useTaskText()
  const rowsText = useRowsText()
  const { language } = useChoices()
  if (kind === 'suspend') return text('doneSuspended')
  if (kind === 'resume') return text('doneResumed')
  const done = runs.filter(({ state }) => state !== 'SKIPPED')
  if (done.length === 0) return text('doneNothing')
  return text(done.length === 1 ? 'doneRows' : 'doneRuns', {
    count: fullNumber(done.length, undefined, language),
    span: shownLength(lengthOf(done) ?? 0, language),
    rows: rowsText(rowsOf(done)),
  })
}

function Working({ kind, work }: { readonly kind: NonNullable<Work['kind']>; readonly work: Work }): ReactNode {
  const text = useTaskText()
  const { language } = useChoices()
  const passedMs = useClock(work.since)
  if (passedMs < 1000) return undefined
  const what = text(workingTexts[kind])
  return (
    <p className="working">
      <progress aria-label={what} />
      <span>{text('working', { what, span: shownSpan(Math.floor(passedMs / 1000), language) })}</span>
      {kind === 'run' && (
        <button
          type="button"
          className="button"
          onClick={() => {
            work.stop()
          }}
        >
          {text('stop')}
        </button>
      )}
    </p>
  )
}

function Dismiss({ work }: { readonly work: Work }): ReactNode {
  const text = useTaskText()
  return (
    <button
      type="button"
      className="quiet"
      aria-label={text('dismiss')}
      title={text('dismiss')}
      onClick={() => {
        work.forget()
      }}
    >
      <Icon name="close" />
    </button>
  )
}
