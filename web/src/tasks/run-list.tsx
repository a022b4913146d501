import { useQuery } from '@tanstack/react-query'
import { type ReactNode, useState } from 'react'
import { useChoices } from '../app/choices.tsx'
import { fullNumber, shownMessage, shownMoment, shownText } from '../text/figures.ts'
import { runsQuery, type TaskDetails, type TaskRunEntry } from './api.ts'
import { lengthOf, rowsOf } from './graph.ts'
import { shownLength } from './length.ts'
import { RunNotes } from './task-notes.tsx'
import { useRowsText } from './use-rows-text.ts'
import { type TaskTranslate, useTaskText } from './use-task-text.ts'
import { RunWord } from './words.tsx'

const firstLimit = 50

/** The runs of a task, newest first. */
export function RunList({ task }: { readonly task: TaskDetails }): ReactNode {
  const text = useTaskText()
  const [limit, setLimit] = useState(firstLimit)
  const { runs, skipped_runs, last_run } = task
  const moment = `${runs} ${skipped_runs} ${last_run?.query_id ?? ''} ${last_run?.state ?? ''}`
  const { data = [], error } = useQuery(runsQuery(task.name, moment, limit))
  return (
    <section className="pipe-part" aria-label={text('historyTitle')}>
      <h3>{text('historyTitle')}</h3>
      {error !== null && <p role="alert">{shownMessage(error.message)}</p>}
      {data.length === 0 && error === null && <p className="soft">{text('historyNone')}</p>}
      <ol className="parked task-runs">
        {data.map((run) => (
          <Run key={`${run.run_id} ${run.attempt_number} ${run.query_id} ${run.state}`} run={run} />
        ))}
      </ol>
      {data.length >= limit && (
        <button
          type="button"
          className="button"
          onClick={() => {
            setLimit(limit * 5)
          }}
        >
          {text('historyMore')}
        </button>
      )}
    </section>
  )
}

function Run({ run }: { readonly run: TaskRunEntry }): ReactNode {
  const text = useTaskText()
  const rowsText = useRowsText()
  const { language, zone } = useChoices()
  const { state, started_at, scheduled_at, completed_at, skipped_runs } = run
  const time = (iso: string): string => shownMoment(Date.parse(iso), zone, true)
  if (state === 'SKIPPED')
    return (
      <li>
        <p className="parked-head">
          <span className="run-time">{time(scheduled_at)}</span>
          <span className="soft">
            {text('idleTimes', { count: fullNumber(skipped_runs, undefined, language) })}
            {skipped_runs > 1 &&
              completed_at !== null &&
              `${text('comma')}${text('until', { time: time(completed_at) })}`}
          </span>
        </p>
      </li>
    )
  const length = lengthOf([run])
  return (
    <li>
      <p className="parked-head">
        <span className="run-time">{time(started_at ?? scheduled_at)}</span>
        <RunWord state={state} />
        {state === 'SUCCEEDED' && <span>{rowsText(rowsOf([run]))}</span>}
        {length !== undefined && <span className="soft">{text('took', { span: shownLength(length, language) })}</span>}
        <span className="soft">{reasonOf(run, text)}</span>
      </p>
      <RunNotes run={run} isWhole />
    </li>
  )
}

const reasons = new Map([
  ['SCHEDULE', 'fromSchedule'],
  ['TRIGGER', 'fromTrigger'],
  ['EXECUTE_TASK', 'fromHand'],
  ['AUTOMATIC RETRY', 'fromRetry'],
] as const)

/** What began a run. */
function reasonOf({ scheduled_from }: TaskRunEntry, text: TaskTranslate): string {
  const known = [...reasons].find(([from]) => from === scheduled_from)
  return known === undefined ? shownText(scheduled_from, 80) : text(known[1])
}
