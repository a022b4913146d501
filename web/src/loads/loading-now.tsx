import { useQuery } from '@tanstack/react-query'
import type { ReactNode } from 'react'
import { useChoices, useText } from '../app/choices.tsx'
import { fullNumber, shortNumber } from '../text/figures.ts'
import { loadingQuery } from './api.ts'

/** The loads that run now, with how far they are. */
export function LoadingNow(): ReactNode {
  const text = useText()
  const { language } = useChoices()
  const { data } = useQuery(loadingQuery)
  const loads = data?.loading ?? []
  const count = (value: number): string => fullNumber(value, undefined, language)
  return (
    <section className="loading-now" aria-label={text('loadingNow')}>
      <h2>{text('loadingNow')}</h2>
      {loads.length === 0 && <p className="soft">{data === undefined ? '…' : text('loadingNothing')}</p>}
      <ul>
        {loads.map((load, at) => (
          // Running loads have no name.
          <li key={String(at)}>
            <progress
              aria-label={text('loadingNow')}
              max={Math.max(load.bytesTotal, 1)}
              value={load.filesTotal === 0 ? undefined : load.bytes}
            />
            <span>
              {text('loadingFiles', {
                done: count(load.files),
                total: count(load.filesTotal),
                rows: count(load.rows),
                rejects: count(load.rejects),
              })}
            </span>
            <span className="soft">
              {text('loadingBytes', {
                done: shortNumber(load.bytes, 'bytes', language),
                total: shortNumber(load.bytesTotal, 'bytes', language),
              })}
            </span>
          </li>
        ))}
      </ul>
    </section>
  )
}
