import { type ReactNode, useId } from 'react'
import { Icon } from '../app/icon.tsx'
import { shortName } from '../pipes/lanes.ts'
import { shownText } from '../text/figures.ts'
import { hasFailed, type Lane, passagesOf } from './graph.ts'
import { RunStation, SourceStation, TaskStation } from './stations.tsx'
import { TaskButtons } from './task-buttons.tsx'
import { TaskNotes } from './task-notes.tsx'
import { TaskPanel } from './task-panel.tsx'
import { useTaskText } from './use-task-text.ts'
import { useTaskWork } from './use-task-work.ts'
import { WorkNote } from './work-note.tsx'

interface TaskLaneProps {
  readonly lane: Lane
  readonly isOpen: boolean
  readonly onOpen: (isOpen: boolean) => void
}

/** Steps that indentation shows; deeper ones stand below each other. */
const mostIndented = 4

/** The way through one task, and what can be done with it. */
export function TaskLane({ lane, isOpen, onOpen }: TaskLaneProps): ReactNode {
  const text = useTaskText()
  const id = useId()
  const { task, streams, depth } = lane
  const steering = useTaskWork(task.name)
  const running = useTaskWork(task.name)
  const [toTask, toRun] = passagesOf(lane)
  const tone = task.last_run !== null && hasFailed(task.last_run) ? 'stalled' : task.state
  return (
    <li className={`lane ${tone}`} data-depth={depth === 0 ? undefined : Math.min(depth, mostIndented)}>
      <article aria-labelledby={id}>
        <ol className="lane-way">
          <SourceStation task={task} streams={streams} />
          <TaskStation task={task} streams={streams} id={id} passage={toTask} />
          <RunStation task={task} passage={toRun} />
        </ol>
        <div className="lane-foot">
          <div className="lane-notes">
            <TaskNotes task={task} streams={streams} />
            {!isOpen && (
              <>
                <WorkNote work={steering} />
                <WorkNote work={running} />
              </>
            )}
          </div>
          <div className="lane-tools">
            <TaskButtons task={task} steering={steering} running={running} />
            <button
              type="button"
              className="button"
              aria-label={text('detailsOf', { name: shownText(shortName(task.name), 80) })}
              onClick={() => {
                onOpen(true)
              }}
            >
              <Icon name="menu" />
              {text('details')}
            </button>
          </div>
        </div>
      </article>
      {isOpen && (
        <TaskPanel
          lane={lane}
          steering={steering}
          running={running}
          onClose={() => {
            onOpen(false)
          }}
        />
      )}
    </li>
  )
}
