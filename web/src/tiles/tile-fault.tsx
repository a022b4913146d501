import type { ReactNode } from 'react'
import { useText } from '../app/choices.tsx'
import { shownMessage } from '../text/figures.ts'

interface TileFaultProps {
  readonly message: string
  readonly onRetry?: (() => void) | undefined
}

/** Why a tile shows nothing. */
export function TileFault({ message, onRetry }: TileFaultProps): ReactNode {
  const text = useText()
  return (
    <div className="tile-error" role="alert">
      <strong>{text('tileFailed')}</strong>
      <pre tabIndex={0}>{shownMessage(message)}</pre>
      {onRetry !== undefined && (
        <button type="button" className="button" onClick={onRetry}>
          {text('retry')}
        </button>
      )}
    </div>
  )
}
