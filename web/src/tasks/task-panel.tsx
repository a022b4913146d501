import type { ReactNode } from 'react'
import { useChoices, useText } from '../app/choices.tsx'
import { Dialog } from '../app/dialog.tsx'
import { CopyText } from '../pipes/copy-text.tsx'
import { shortName } from '../pipes/lanes.ts'
import { Facts } from '../actions/facts.tsx'
import { fullNumber, shownMoment, shownText } from '../text/figures.ts'
import type { Lane } from './graph.ts'
import { RunList } from './run-list.tsx'
import { StreamFacts } from './stations.tsx'
import { TaskButtons } from './task-buttons.tsx'
import { TaskNotes } from './task-notes.tsx'
import { useTaskText } from './use-task-text.ts'
import type { TaskWork } from './use-task-work.ts'
import { TaskWord } from './words.tsx'
import { WorkNote } from './work-note.tsx'

interface TaskPanelProps {
  readonly lane: Lane
  readonly steering: TaskWork
  readonly running: TaskWork
  readonly onClose: () => void
}

/** All that is known of a task, and all that can be done with it. */
export function TaskPanel({ lane, steering, running, onClose }: TaskPanelProps): ReactNode {
  const text = useTaskText()
  const { task, streams } = lane
  return (
    <Dialog
      className="panel pipe-panel task-panel"
      title={<bdi>{shownText(shortName(task.name))}</bdi>}
      onClose={onClose}
    >
      <div className="panel-body">
        <div className="pipe-now">
          <TaskWord task={task} />
          <div className="lane-tools">
            <TaskButtons task={task} steering={steering} running={running} />
          </div>
        </div>
        <TaskNotes task={task} streams={streams} />
        <WorkNote work={steering} />
        <WorkNote work={running} />
        <RunList task={task} />
        <section className="pipe-part" aria-label={text('statementTitle')}>
          <h3>{text('statementTitle')}</h3>
          <CopyText what={text('copyStatement')}>{task.definition}</CopyText>
        </section>
        <TaskFacts task={task} streams={streams} />
      </div>
    </Dialog>
  )
}

/** What is known of a task beside what its lane shows. */
function TaskFacts({ task, streams }: Pick<Lane, 'task' | 'streams'>): ReactNode {
  const text = useTaskText()
  const zoneText = useText()
  const { language, zone } = useChoices()
  const time = (iso: string | null): string =>
    iso === null ? '–' : `${shownMoment(Date.parse(iso), zone, true)} ${zoneText(zone)}`
  const named = [
    [text('factName'), task.name],
    [text('factSchedule'), task.schedule],
    [text('factCondition'), task.condition],
    [text('factAfter'), task.predecessors.length === 0 ? null : task.predecessors.join(', ')],
    [text('factFinalizes'), task.finalizes],
    [text('factComment'), task.comment],
  ] as const
  const plain = [
    [text('factCreated'), time(task.created_at)],
    [text('factNext'), time(task.next_due_at)],
    [text('factSuccess'), time(task.last_success_at)],
    [text('factSuspended'), time(task.last_suspended_at)],
    [text('factReason'), shownText(task.last_suspended_reason ?? '–', 80)],
    [text('factIdle'), time(task.last_skipped_at)],
    [text('factRuns'), fullNumber(task.runs, undefined, language)],
    [text('factFailed'), fullNumber(task.failed_runs, undefined, language)],
  ] as const
  return (
    <Facts
      title={text('factsTitle')}
      named={named}
      plain={plain}
      before={
        streams.length > 0 && (
          <div className="wide">
            <dt>{text('factStreams')}</dt>
            <dd>
              {streams.map((stream) => (
                <StreamFacts key={stream.name} stream={stream} />
              ))}
            </dd>
          </div>
        )
      }
    />
  )
}
