import type { ReactNode } from 'react'

interface WorkButtonProps<Action extends { readonly kind: string }> {
  readonly work: {
    readonly kind: string | undefined
    readonly isRunning: boolean
    start(action: Action): void
  }
  readonly action: Action
  /** The name of the button where what stands on it does not say of what. */
  readonly label: string
  readonly title?: string
  readonly isPrimary?: boolean
  readonly children: ReactNode
}

/** Starts work. While other work runs it does nothing, and says so; it keeps the focus. */
export function WorkButton<Action extends { readonly kind: string }>({
  work,
  action,
  label,
  title,
  isPrimary = false,
  children,
}: WorkButtonProps<Action>): ReactNode {
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
