import type { ReactNode } from 'react'
import { useText } from '../app/choices.tsx'
import type { LoadStatus } from './api.ts'
import { statusTexts, statusTones } from './history.ts'

/** What became of a file, in a word. */
export function StatusWord({ status }: { readonly status: LoadStatus }): ReactNode {
  const text = useText()
  return <span className={`word ${statusTones[status]}`}>{text(statusTexts[status])}</span>
}
