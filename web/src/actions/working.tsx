import type { ReactNode } from 'react'
import { useChoices, useText } from '../app/choices.tsx'
import { Icon } from '../app/icon.tsx'
import { useClock } from '../app/use-clock.ts'
import { shownSpan } from '../pipes/span.ts'

interface WorkingProps {
  readonly what: string
  readonly since: number
  /** Absent where it cannot be stopped. */
  readonly onStop: (() => void) | undefined
}

/** How long something has been under way, once that is over a second. */
export function Working({ what, since, onStop }: WorkingProps): ReactNode {
  const text = useText()
  const { language } = useChoices()
  const passedMs = useClock(since)
  if (passedMs < 1000) return undefined
  return (
    <p className="working">
      <progress aria-label={what} />
      <span>{text('working', { what, span: shownSpan(Math.floor(passedMs / 1000), language) })}</span>
      {onStop !== undefined && (
        <button type="button" className="button" onClick={onStop}>
          {text('stop')}
        </button>
      )}
    </p>
  )
}

/** Closes a note. */
export function Dismiss({ onDismiss }: { readonly onDismiss: () => void }): ReactNode {
  const text = useText()
  return (
    <button type="button" className="quiet" aria-label={text('dismiss')} title={text('dismiss')} onClick={onDismiss}>
      <Icon name="close" />
    </button>
  )
}
