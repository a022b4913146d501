import { useQuery } from '@tanstack/react-query'
import type { ReactNode } from 'react'
import { goTo, useParameters } from '../app/address.ts'
import { useText } from '../app/choices.tsx'
import { LongText } from '../pipes/long-text.tsx'
import { shortName } from '../pipes/lanes.ts'
import { shownMessage, shownText } from '../text/figures.ts'
import { type StreamEntry, streamsQuery, tasksQuery } from './api.ts'
import { wayOf } from './graph.ts'
import { NoTasks } from './no-tasks.tsx'
import { Station } from './station.tsx'
import { StreamFacts } from './stations.tsx'
import { Summary } from './summary.tsx'
import { TaskLane } from './task-lane.tsx'
import { useTaskText } from './use-task-text.ts'

const places = ['stream', 'task', 'lastRun'] as const

/** Streams and tasks, one lane a task, graph by graph. The task whose details are open is in the address. */
export default function TasksPage(): ReactNode {
  const text = useTaskText()
  const pageText = useText()
  const opened = useParameters().get('task')
  const { data: tasks, error } = useQuery(tasksQuery)
  const { data: streams, error: streamsError } = useQuery(streamsQuery)
  const { lanes, unread } = wayOf(tasks ?? [], streams ?? [])
  const isKnown = tasks !== undefined && streams !== undefined
  const failure = error ?? streamsError
  return (
    <main id="content" className="board pipes tasks" tabIndex={-1}>
      <div className="board-head">
        <div className="board-title">
          <h1>{pageText('tasks')}</h1>
          <p>{text('lede')}</p>
        </div>
      </div>
      {failure !== null && <p role="alert">{shownMessage(failure.message)}</p>}
      {!isKnown && failure === null && <div className="skeleton tall" />}
      {isKnown && tasks.length === 0 && <NoTasks />}
      {isKnown && tasks.length > 0 && <Summary tasks={tasks} streams={streams} />}
      {isKnown && lanes.length > 0 && (
        <p className="way-head" aria-hidden="true">
          {places.map((place) => (
            <span key={place}>{text(place)}</span>
          ))}
        </p>
      )}
      {isKnown && (
        <ul className="lanes">
          {lanes.map((lane) => (
            <TaskLane
              key={lane.task.name}
              lane={lane}
              isOpen={opened === lane.task.name}
              onOpen={(isOpen) => {
                goTo(isOpen ? `/tasks?${new URLSearchParams({ task: lane.task.name }).toString()}` : '/tasks')
              }}
            />
          ))}
          {unread.map((stream) => (
            <UnreadStream key={stream.name} stream={stream} />
          ))}
        </ul>
      )}
    </main>
  )
}

/** A stream that goes no further. */
function UnreadStream({ stream }: { readonly stream: StreamEntry }): ReactNode {
  const text = useTaskText()
  return (
    <li className="lane unread">
      <ol className="lane-way">
        <Station place="stream">
          <StreamFacts stream={stream} />
        </Station>
        <li className="lane-node absent rest" data-passage={stream.stale ? 'cut' : 'held'}>
          <p className="lane-name">{text('unread')}</p>
          {stream.stale ? (
            <div className="lane-bad">
              <LongText whole={stream.stale_reason ?? ''} />
            </div>
          ) : (
            <p className="lane-soft">{text('unreadHint', { name: shownText(shortName(stream.name), 80) })}</p>
          )}
        </li>
      </ol>
    </li>
  )
}
