import type { ReactNode } from 'react'
import type { PipeAction } from './api.ts'
import type { Work } from './use-work.ts'

interface WorkButtonProps {
  readonly work: Work
  readonly action: PipeAction
  /** The name of the button where what stands on it does not say of which pipe. */
  readonly label: string
  readonly title?: string
  readonly isPrimary?: boolean
  readonly children: ReactNode
}

/** Starts work. While other work runs it does nothing, and says so; it keeps the focus. */
export function WorkButton({ work, action, label, title, isPrimary = false, children }: WorkButtonProps): ReactNode {
  return (
    <button
      type="button"
      className={isPrimary ? 'primary' : 'button'}
      aria-label={label}
      title={title}
      aria-disabled={work.isRunning}
      aria-busy={work.isRunning && work.kind === action.kind}
      onClick={() => {
        work.start(action)
      }}
    >
      {children}
    </button>
  )
}
