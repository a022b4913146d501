import type { ReactNode } from 'react'
import { Shape } from '../pipes/shape.tsx'
import type { Passage } from './graph.ts'
import { useTaskText } from './use-task-text.ts'

interface StationProps {
  readonly place: 'stream' | 'task' | 'run'
  readonly shape?: 'after' | undefined
  /** What comes over from the station before. */
  readonly passage?: Passage | undefined
  readonly isAbsent?: boolean
  readonly children: ReactNode
}

/** A station of the way from new rows to what became of them. */
export function Station({ place, shape, passage, isAbsent = false, children }: StationProps): ReactNode {
  const text = useTaskText()
  return (
    <li
      className={`lane-node ${place === 'run' ? 'last-run' : place}${isAbsent ? ' absent' : ''}`}
      data-passage={passage}
    >
      <p className="lane-kind">
        <Shape name={shape ?? place} />
        <span>{text(place === 'run' ? 'lastRun' : place)}</span>
      </p>
      {children}
    </li>
  )
}
