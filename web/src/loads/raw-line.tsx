import { type ReactNode, useState } from 'react'
import { useChoices, useText } from '../app/choices.tsx'
import { fullNumber, shownText } from '../text/figures.ts'

const most = 240

/** A line as it stands in its file; what hides or turns text is written out, and a long one is cut until it is asked for. */
export function RawLine({ raw }: { readonly raw: string }): ReactNode {
  const text = useText()
  const { language } = useChoices()
  const [isWhole, setWhole] = useState(false)
  return (
    <div className="raw">
      <code dir="ltr">{shownText(raw, isWhole ? raw.length : most)}</code>
      {raw.length > most && (
        <button
          type="button"
          className="quiet"
          aria-expanded={isWhole}
          onClick={() => {
            setWhole(!isWhole)
          }}
        >
          {isWhole ? text('showLess') : text('showWhole', { count: fullNumber(raw.length, undefined, language) })}
        </button>
      )}
    </div>
  )
}
