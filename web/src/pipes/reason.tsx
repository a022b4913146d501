import type { ReactNode } from 'react'
import type { PipeDetails } from './api.ts'
import { LongText } from './long-text.tsx'
import { usePipeText } from './use-pipe-text.ts'

/** Why a pipe is as it is; what people say of it where all is well. */
export function Reason({ pipe }: { readonly pipe: PipeDetails }): ReactNode {
  const text = usePipeText()
  const { state, reason, auto_ingest, queue, comment } = pipe
  if (state === 'paused') return <p className="lane-note">{text(queue === null ? 'whyPausedListed' : 'whyPaused')}</p>
  if (state === 'stopped') return <p className="lane-note">{text('whyStopped')}</p>
  if (state === 'running' && reason === null && !auto_ingest) return <p className="lane-note">{text('whyAsked')}</p>
  if (state === 'running' && reason === null)
    return (
      comment !== null && (
        <div className="lane-note">
          <LongText whole={comment} />
        </div>
      )
    )
  return (
    <div className={state === 'running' ? 'lane-note warn' : 'lane-note bad'}>
      {state === 'running' && `${text('lastFault')} `}
      {reason === null ? text('whyUnknown') : <LongText whole={reason} />}
    </div>
  )
}
