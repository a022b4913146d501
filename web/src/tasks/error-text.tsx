import type { ReactNode } from 'react'
import { LongText } from '../pipes/long-text.tsx'
import { shownMessage } from '../text/figures.ts'

interface ErrorTextProps {
  readonly message: string
  /** Also the lines of the statement that the engine quotes, below the sentence. */
  readonly isWhole?: boolean
}

/** Why a run failed. */
export function ErrorText({ message, isWhole = false }: ErrorTextProps): ReactNode {
  const end = message.indexOf('\n\n')
  if (end === -1) return <LongText whole={message} />
  return (
    <>
      <LongText whole={message.slice(0, end)} />
      {isWhole && <pre className="error-lines">{shownMessage(message.slice(end + 2))}</pre>}
    </>
  )
}
