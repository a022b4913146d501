import { type ReactNode, useRef, useState } from 'react'
import { useText } from '../app/choices.tsx'
import { shownMessage } from '../text/figures.ts'
import { usePipeText } from './use-pipe-text.ts'

interface CopyTextProps {
  /** What it is, for who does not see it. */
  readonly what: string
  readonly children: string
}

/** Text to take elsewhere. Where the browser does not let it be copied, it is selected. */
export function CopyText({ what, children }: CopyTextProps): ReactNode {
  const text = useText()
  const pipeText = usePipeText()
  const shown = useRef<HTMLPreElement>(null)
  const [wasCopied, setCopied] = useState(false)
  const copy = async (): Promise<void> => {
    try {
      await navigator.clipboard.writeText(children)
      setCopied(true)
    } catch {
      if (shown.current !== null) getSelection()?.selectAllChildren(shown.current)
    }
  }
  return (
    <div className="copy-text">
      <pre ref={shown}>{shownMessage(children)}</pre>
      <button
        type="button"
        className="quiet"
        aria-label={pipeText('copyOf', { what })}
        onClick={() => {
          void copy()
        }}
        onBlur={() => {
          setCopied(false)
        }}
      >
        {text(wasCopied ? 'copied' : 'copy')}
      </button>
    </div>
  )
}
