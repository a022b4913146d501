import type { ReactNode } from 'react'
import { LongText } from '../pipes/long-text.tsx'
import { Shape } from '../pipes/shape.tsx'
import { useChoices } from '../app/choices.tsx'
import { fullNumber, shownText } from '../text/figures.ts'
import type { TaskRunEntry } from './api.ts'
import { ErrorText } from './error-text.tsx'
import type { Lane } from './graph.ts'
import { type TaskTranslate, useTaskText } from './use-task-text.ts'

interface RunNotesProps {
  readonly run: TaskRunEntry
  /** Also the lines of the statement that an error quotes. */
  readonly isWhole?: boolean
}

/** What a run had to say, and why it failed: lines that were lost are told here. */
export function RunNotes({ run: { notices, error_message }, isWhole = false }: RunNotesProps): ReactNode {
  const text = useTaskText()
  return (
    <>
      {error_message !== null && (
        <div className="lane-note bad task-note">
          <Shape name="broken" />
          <div>
            {text('errorOf')} <ErrorText message={error_message} isWhole={isWhole} />
          </div>
        </div>
      )}
      {notices.map((notice) => (
        <div key={notice} className="lane-note warn task-note">
          <Shape name="stalled" />
          <span>
            {text('noticeOf')} <LongText whole={notice} />
          </span>
        </div>
      ))}
    </>
  )
}

/** Why a task is as it is; what people say of it where all is well. */
export function TaskNotes({ task, streams }: Pick<Lane, 'task' | 'streams'>): ReactNode {
  const text = useTaskText()
  const { language } = useChoices()
  const { last_run, noticed_runs, inputs_without_rows, consecutive_failures, comment } = task
  const isNoticed = last_run !== null && last_run.notices.length > 0
  const why = whySuspended(task, text)
  const lost = streams.filter(({ stale }) => stale)
  const isWell = lost.length === 0 && consecutive_failures === 0 && why === undefined
  return (
    <>
      {lost.map(({ name, stale_reason }) => (
        <div key={name} className="lane-note bad task-note">
          <Shape name="broken" />
          <LongText whole={`${name}: ${stale_reason ?? ''}`} />
        </div>
      ))}
      {last_run !== null && <RunNotes run={last_run} />}
      {noticed_runs > (isNoticed ? 1 : 0) && (
        <p className="lane-note warn">{text('noticed', { count: fullNumber(noticed_runs, undefined, language) })}</p>
      )}
      {inputs_without_rows > 0 && (
        <p className="lane-note warn">
          {text('withoutRows', { count: fullNumber(inputs_without_rows, undefined, language) })}
        </p>
      )}
      {consecutive_failures > 1 && (
        <p className="lane-note bad">
          {text('failures', { count: fullNumber(consecutive_failures, undefined, language) })}
        </p>
      )}
      {why !== undefined && <p className="lane-note">{why}</p>}
      {isWell && comment !== null && (
        <div className="lane-note">
          <LongText whole={comment} />
        </div>
      )}
    </>
  )
}

const reasonTexts = new Map([
  ['USER_SUSPENDED', 'whyUser'],
  ['SUSPENDED_DUE_TO_ERRORS', 'whyErrors'],
  ['CHILD_BECAME_ROOT', 'whyChild'],
  ['FINALIZER_BECAME_ROOT', 'whyFinalizer'],
] as const)

function whySuspended({ state, last_suspended_reason }: Lane['task'], text: TaskTranslate): string | undefined {
  if (state === 'started') return undefined
  if (last_suspended_reason === null) return text('whyNew')
  const known = [...reasonTexts].find(([reason]) => reason === last_suspended_reason)
  return known === undefined ? text('whyOther', { reason: shownText(last_suspended_reason, 80) }) : text(known[1])
}
