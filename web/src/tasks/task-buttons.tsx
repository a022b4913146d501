import type { ReactNode } from 'react'
import { shortName } from '../pipes/lanes.ts'
import { Shape } from '../pipes/shape.tsx'
import { WorkButton } from '../pipes/work-button.tsx'
import { shownText } from '../text/figures.ts'
import type { TaskDetails } from './api.ts'
import { useTaskText } from './use-task-text.ts'
import type { TaskWork } from './use-task-work.ts'

interface TaskButtonsProps {
  readonly task: TaskDetails
  /** A task can be suspended while it runs. */
  readonly steering: TaskWork
  readonly running: TaskWork
}

/** Runs a task, suspends or resumes it. */
export function TaskButtons({ task, steering, running }: TaskButtonsProps): ReactNode {
  const text = useTaskText()
  const name = shownText(shortName(task.name), 80)
  const kind = task.state === 'suspended' ? 'resume' : 'suspend'
  return (
    <>
      <WorkButton work={running} action={{ kind: 'run' }} label={text('runOf', { name })} title={text('runHint')}>
        <Shape name="running" />
        {text('run')}
      </WorkButton>
      <WorkButton
        work={steering}
        action={{ kind }}
        label={text(kind === 'resume' ? 'resumeOf' : 'suspendOf', { name })}
      >
        <Shape name={kind === 'resume' ? 'good' : 'paused'} />
        {text(kind)}
      </WorkButton>
    </>
  )
}
