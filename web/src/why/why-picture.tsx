import type { ReactNode } from 'react'
import { useChoices, useText } from '../app/choices.tsx'
import { fullNumber, shownText } from '../text/figures.ts'
import type { Seen } from './api.ts'
import { pictureOf, type Stop } from './picture.ts'

interface PictureProps {
  readonly seen: readonly Seen[]
  readonly source: string
  readonly destination: string
}

const placeTexts = { source: 'whyAtSource', between: 'whySideUnknown', destination: 'whyAtDestination' } as const

/** The way there and the way back, from end to end, with what each interface did. */
export function Picture({ seen, source, destination }: PictureProps): ReactNode {
  const text = useText()
  return (
    <div className="picture">
      {pictureOf(seen).map(({ way, stops }) => (
        <section
          key={way}
          className={`way ${way}-way`}
          aria-label={text(way === 'request' ? 'whyRequest' : 'whyAnswer')}
        >
          <h3>{text(way === 'request' ? 'whyRequest' : 'whyAnswer')}</h3>
          <ol>
            <li className="end">
              <span>{text('whySource')}</span>
              <bdi>{shownText(source, 60)}</bdi>
            </li>
            {stops.map((stop) => (
              <StopBox key={`${stop.place} ${stop.interfaceId ?? ''}`} stop={stop} />
            ))}
            <li className="end">
              <span>{text('whyDestination')}</span>
              <bdi>{shownText(destination, 60)}</bdi>
            </li>
          </ol>
        </section>
      ))}
    </div>
  )
}

function StopBox({ stop }: { readonly stop: Stop }): ReactNode {
  const text = useText()
  const { language } = useChoices()
  const count = (value: number): string => text('records', { count: fullNumber(value, undefined, language) })
  return (
    <li className={`stop ${stop.action ?? 'none'}`}>
      <span>{text(placeTexts[stop.place])}</span>
      {stop.action === undefined ? (
        <strong className="null">{text('whyNoRecord')}</strong>
      ) : (
        <>
          <bdi>{shownText(stop.interfaceId ?? '–', 60)}</bdi>
          {stop.rejected > 0 && (
            <strong className="REJECT">
              ✕ REJECT <small>{count(stop.rejected)}</small>
            </strong>
          )}
          {stop.accepted > 0 && (
            <strong className="ACCEPT">
              ✓ ACCEPT <small>{count(stop.accepted)}</small>
            </strong>
          )}
        </>
      )}
    </li>
  )
}
