import type { ReactNode } from 'react'
import { shownText } from '../text/figures.ts'
import type { StageEntry } from './api.ts'
import { shortName } from './lanes.ts'
import { StageNode } from './nodes.tsx'
import { usePipeText } from './use-pipe-text.ts'

/** A stage from which nothing goes further. */
export function UnreadStage({ stage }: { readonly stage: StageEntry }): ReactNode {
  const text = usePipeText()
  return (
    <li className="lane unread">
      <ol className="lane-way">
        <StageNode name={stage.name} stage={stage} location={null} isGone={false} />
        <li className="lane-node absent rest" data-passage="held">
          <p className="lane-name">{text('unread')}</p>
          <p className="lane-soft">{text('unreadHint', { name: shownText(shortName(stage.name), 80) })}</p>
        </li>
      </ol>
    </li>
  )
}
