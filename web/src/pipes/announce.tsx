import type { ReactNode } from 'react'
import { CopyText } from './copy-text.tsx'
import { type Announced, notificationFor } from './notification.ts'
import { usePipeText } from './use-pipe-text.ts'

/** What a bucket and a queue need so that new objects are announced, as text to take to AWS. */
export function Announce(announced: Announced): ReactNode {
  const text = usePipeText()
  const { configuration, commands, policy } = notificationFor(announced)
  return (
    <ol className="announce">
      <li>
        <p>{text('notificationConfiguration')}</p>
        <CopyText what={text('copyConfiguration')}>{configuration}</CopyText>
      </li>
      <li>
        <p>{text('notificationCommands')}</p>
        <CopyText what={text('copyCommands')}>{commands}</CopyText>
      </li>
      <li>
        <p>{text('notificationPolicy')}</p>
        <CopyText what={text('copyPolicy')}>{policy}</CopyText>
      </li>
    </ol>
  )
}
