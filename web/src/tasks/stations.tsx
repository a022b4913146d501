import type { ReactNode } from 'react'
import { useChoices } from '../app/choices.tsx'
import { shortName } from '../pipes/lanes.ts'
import { Figures, Name, useFigure } from '../pipes/nodes.tsx'
import { shownInterval } from '../pipes/span.ts'
import { type Language, shownMoment, shownText } from '../text/figures.ts'
import type { StreamEntry, TaskDetails } from './api.ts'
import { type Lane, lengthOf, type Passage, readSchedule, triggerOf } from './graph.ts'
import { shownLength } from './length.ts'
import { Station } from './station.tsx'
import { type TaskTranslate, useTaskText } from './use-task-text.ts'
import { RunWord, StreamWord, TaskWord } from './words.tsx'

/** Where the rows of a task come from: its streams, and the tasks before it. */
export function SourceStation({ task, streams }: Pick<Lane, 'task' | 'streams'>): ReactNode {
  const text = useTaskText()
  const before = beforeOf(task)
  if (streams.length === 0)
    return (
      <Station place="stream" shape={before === undefined ? undefined : 'after'} isAbsent>
        <p className="lane-name">{before === undefined ? text('noStream') : text(before.key, before.values)}</p>
        <p className="lane-soft">{text(before?.hint ?? 'noStreamHint')}</p>
      </Station>
    )
  return (
    <Station place="stream">
      {streams.map((stream) => (
        <StreamFacts key={stream.name} stream={stream} />
      ))}
      {before !== undefined && <p className="lane-soft">{text(before.key, before.values)}</p>}
    </Station>
  )
}

interface Before {
  readonly key: 'afterTasks' | 'finalizerOf'
  readonly values: Readonly<Record<string, string>>
  readonly hint: 'afterHint' | 'finalizerHint'
}

function beforeOf({ predecessors, finalizes }: TaskDetails): Before | undefined {
  if (finalizes !== null)
    return { key: 'finalizerOf', values: { name: shownText(shortName(finalizes), 80) }, hint: 'finalizerHint' }
  if (predecessors.length === 0) return undefined
  const names = shownText(predecessors.map(shortName).join(', '), 160)
  return { key: 'afterTasks', values: { names }, hint: 'afterHint' }
}

export function StreamFacts({ stream }: { readonly stream: StreamEntry }): ReactNode {
  const text = useTaskText()
  const { name, table_name, mode } = stream
  const parts = [text('onTable', { table: shownText(shortName(table_name), 120) })]
  if (mode === 'APPEND_ONLY') parts.push(text('appendOnly'))
  return (
    <div className="stream-facts">
      <div className="lane-head">
        <Name name={name} />
        <StreamWord stream={stream} />
      </div>
      <p className="lane-soft">{parts.join(text('comma'))}</p>
    </div>
  )
}

const triggerTexts = {
  stream: 'byStream',
  tasks: 'byTasks',
  graph: 'byGraph',
  hand: 'byHand',
} as const

interface TaskStationProps extends Pick<Lane, 'task' | 'streams'> {
  /** Of its name, by which the lane is known. */
  readonly id: string
  readonly passage: Passage
}

/** The task itself: how it is doing, and when it runs. */
export function TaskStation({ task, streams, id, passage }: TaskStationProps): ReactNode {
  const text = useTaskText()
  const figure = useFigure()
  const { language, zone } = useChoices()
  const { name, schedule, next_due_at, runs, failed_runs, consecutive_failures, skipped_runs, condition } = task
  const asks = condition !== null && streams.length > 0
  const trigger = triggerOf(task, asks)
  const when = [
    trigger === 'schedule' ? shownSchedule(schedule ?? '', text, language) : text(triggerTexts[trigger]),
    ...(schedule !== null && asks ? [text('ifStream')] : []),
    ...(next_due_at === null ? [] : [text('nextDue', { time: shownMoment(Date.parse(next_due_at), zone, true) })]),
  ]
  const inRow = figure(text('inRow'), consecutive_failures)
  return (
    <Station place="task" passage={passage}>
      <div className="lane-head">
        <h2 id={id} className="lane-name" title={shownText(name, 2000)}>
          <bdi>{shownText(shortName(name))}</bdi>
        </h2>
        <TaskWord task={task} />
      </div>
      <Figures
        of={[
          figure(text('total'), runs),
          figure(text('failed'), failed_runs),
          consecutive_failures === 0 ? inRow : { ...inRow, tone: 'warn' },
          figure(text('idle'), skipped_runs),
        ]}
      />
      <p className="lane-soft">{when.join(text('comma'))}</p>
    </Station>
  )
}

function shownSchedule(schedule: string, text: TaskTranslate, language: Language): string {
  const read = readSchedule(schedule)
  if ('cron' in read) return text('byCron', { cron: shownText(read.cron, 120) })
  return text('byInterval', { span: shownInterval(read.seconds, language) })
}

/** What the task did last. */
export function RunStation({
  task: { last_run },
  passage,
}: {
  readonly task: TaskDetails
  readonly passage: Passage
}): ReactNode {
  const text = useTaskText()
  const figure = useFigure()
  const { language, zone } = useChoices()
  if (last_run === null)
    return (
      <Station place="run" passage={passage} isAbsent>
        <p className="lane-name">{text('runNever')}</p>
        <p className="lane-soft">{text('runNeverHint')}</p>
      </Station>
    )
  const { state, started_at, scheduled_at, rows_inserted, rows_updated, rows_deleted } = last_run
  const length = lengthOf([last_run])
  const when = [
    shownMoment(Date.parse(started_at ?? scheduled_at), zone, true),
    ...(length === undefined ? [] : [text('took', { span: shownLength(length, language) })]),
  ]
  return (
    <Station place="run" passage={passage}>
      <div className="lane-head">
        <RunWord state={state} />
      </div>
      <Figures
        of={[
          figure(text('inserted'), rows_inserted),
          figure(text('updated'), rows_updated),
          figure(text('deleted'), rows_deleted),
        ]}
      />
      <p className="lane-soft">{when.join(text('comma'))}</p>
    </Station>
  )
}
