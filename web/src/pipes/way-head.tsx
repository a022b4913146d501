import type { ReactNode } from 'react'
import { usePipeText } from './use-pipe-text.ts'

const places = ['stage', 'queue', 'pipe', 'table'] as const

/** What stands in which column, for who sees it: each station says for itself what it is. */
export function WayHead(): ReactNode {
  const text = usePipeText()
  return (
    <p className="way-head" aria-hidden="true">
      {places.map((place) => (
        <span key={place}>{text(place)}</span>
      ))}
    </p>
  )
}
