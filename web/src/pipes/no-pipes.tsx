import type { ReactNode } from 'react'
import { Announce } from './announce.tsx'
import { CopyText } from './copy-text.tsx'
import { Node } from './nodes.tsx'
import { usePipeText } from './use-pipe-text.ts'

const places = [
  ['stage', 'emptyStage'],
  ['queue', 'emptyQueue'],
  ['pipe', 'emptyPipe'],
  ['table', 'emptyTable'],
] as const

/** What to do first. */
export function NoPipes(): ReactNode {
  const text = usePipeText()
  return (
    <section className="no-pipes">
      <ol className="lane-way">
        {places.map(([place, hint]) => (
          <Node key={place} place={place} passage={place === 'stage' ? undefined : 'held'} isAbsent>
            <p className="lane-soft">{text(hint)}</p>
          </Node>
        ))}
      </ol>
      <h2>{text('emptyTitle')}</h2>
      <p>{text('emptyHint')}</p>
      <p>{text('emptyCommand')}</p>
      <CopyText what={text('copyCommand')}>millrace add vpc-flow-logs s3://bucket/prefix/</CopyText>
      <CopyText what={text('copyCommand')}>millrace add s3-access-logs ./logs</CopyText>
      <p className="soft">{text('emptyServer')}</p>
      <details>
        <summary>{text('emptyAnnounce')}</summary>
        <p>{text('emptyAnnounceHint')}</p>
        <Announce bucket="bucket" prefix="prefix/" queue="arn:aws:sqs:REGION:ACCOUNT:millrace-bucket" />
      </details>
    </section>
  )
}
