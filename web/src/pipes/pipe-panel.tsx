import type { ReactNode } from 'react'
import { Dialog } from '../app/dialog.tsx'
import { shownText } from '../text/figures.ts'
import { Announce } from './announce.tsx'
import type { PipeDetails } from './api.ts'
import { CopyText } from './copy-text.tsx'
import { type Lane, shortName, sqlName } from './lanes.ts'
import { bucketOf } from './notification.ts'
import { ParkedList } from './parked-list.tsx'
import { PauseButton } from './pause-button.tsx'
import { PipeFacts } from './pipe-facts.tsx'
import { Reason } from './reason.tsx'
import { RefreshForm } from './refresh-form.tsx'
import { StateWord } from './state-word.tsx'
import { usePipeText } from './use-pipe-text.ts'
import type { PipeWork } from './use-pipe-work.ts'
import { WorkNote } from './work-note.tsx'

interface PipePanelProps {
  readonly lane: Lane
  /** Pausing and resuming. */
  readonly steering: PipeWork
  /** Refreshing and trying again. */
  readonly loading: PipeWork
  readonly onClose: () => void
}

/** All that is known of a pipe, and all that can be done with it. */
export function PipePanel({ lane: { pipe, sharing }, steering, loading, onClose }: PipePanelProps): ReactNode {
  const text = usePipeText()
  return (
    <Dialog className="panel pipe-panel" title={<bdi>{shownText(shortName(pipe.name))}</bdi>} onClose={onClose}>
      <div className="panel-body">
        <div className="pipe-now">
          <StateWord state={pipe.state} />
          <Reason pipe={pipe} />
          <PauseButton pipe={pipe} work={steering} />
        </div>
        <WorkNote work={steering} />
        <ParkedList pipe={pipe} work={loading} />
        <RefreshForm pipe={pipe} work={loading} />
        <section className="pipe-part" aria-label={text('statementTitle')}>
          <h3>{text('statementTitle')}</h3>
          <CopyText what={text('copyStatement')}>{pipe.definition}</CopyText>
        </section>
        <Notifications pipe={pipe} />
        <PipeFacts pipe={pipe} sharing={sharing} />
      </div>
    </Dialog>
  )
}

function Notifications({ pipe: { location, queue, name } }: { readonly pipe: PipeDetails }): ReactNode {
  const text = usePipeText()
  const place = bucketOf(location ?? '')
  if (place === undefined) return undefined
  return (
    <section className="pipe-part" aria-label={text('notificationTitle')}>
      <h3>{text('notificationTitle')}</h3>
      {queue === null ? (
        <>
          <p className="soft">{text('notificationNone')}</p>
          <p>{text('notificationSet')}</p>
          <CopyText
            what={text('copyCommand')}
          >{`ALTER PIPE ${sqlName(name)} SET QUEUE = 'arn:aws:sqs:REGION:ACCOUNT:NAME';`}</CopyText>
        </>
      ) : (
        <details>
          <summary>{text('notificationSome')}</summary>
          <Announce {...place} queue={queue} />
        </details>
      )}
    </section>
  )
}
