import type { ReactNode } from 'react'
import { useText } from '../app/choices.tsx'

/** What to do first. */
export function EmptyLake(): ReactNode {
  const text = useText()
  return (
    <div className="empty first">
      <h2>{text('emptyLake')}</h2>
      <p>{text('emptyLakeHint')}</p>
      <pre>millrace load ./logs</pre>
    </div>
  )
}
