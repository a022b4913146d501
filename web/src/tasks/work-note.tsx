import type { ReactNode } from 'react'
import { useChoices } from '../app/choices.tsx'
import { shortName } from '../pipes/lanes.ts'
import { LongText } from '../pipes/long-text.tsx'
import { fullNumber, shownText } from '../text/figures.ts'
import { Dismiss, Working } from '../actions/working.tsx'
import { ErrorText } from './error-text.tsx'
import { hasFailed, lengthOf, rowsOf } from './graph.ts'
import { shownLength } from './length.ts'
import { useRowsText } from './use-rows-text.ts'
import { useTaskText } from './use-task-text.ts'
import type { TaskWork } from './use-task-work.ts'

const workingTexts = { run: 'workingRun', suspend: 'workingSuspend', resume: 'workingResume' } as const
const failedTexts = { run: 'failedRun', suspend: 'failedSuspend', resume: 'failedResume' } as const

/** How far work is once it takes over a second, and what came of it. */
export function WorkNote({ work }: { readonly work: TaskWork }): ReactNode {
  const text = useTaskText()
  const { kind, isRunning, error, result: runs, wasStopped } = work
  const isOver = kind !== undefined && !isRunning
  const failed = runs?.filter(hasFailed) ?? []
  const outcome = useOutcome(work)
  return (
    <>
      {kind !== undefined && isRunning && (
        <Working
          what={text(workingTexts[kind])}
          since={work.since}
          onStop={
            kind === 'run'
              ? () => {
                  work.stop()
                }
              : undefined
          }
        />
      )}
      <div role="status" className="work-note">
        {isOver && failed.length === 0 && (wasStopped || runs !== undefined) && (
          <p>
            {wasStopped ? text('stopped') : outcome}
            <Dismiss onDismiss={work.forget} />
          </p>
        )}
      </div>
      <div role="alert" className="work-note">
        {isOver && error !== undefined && (
          <p>
            {text('workFailed', { what: text(failedTexts[kind]) })} <LongText whole={error.message} />
            <Dismiss onDismiss={work.forget} />
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
            <Dismiss onDismiss={work.forget} />
          </p>
        )}
      </div>
    </>
  )
}

/** What work did, in a sentence. */
function useOutcome({ kind, result: runs = [] }: TaskWork): string {
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
