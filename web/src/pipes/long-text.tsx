import { type ReactNode, useState } from 'react'
import { useChoices } from '../app/choices.tsx'
import { fullNumber, shownText } from '../text/figures.ts'
import { usePipeText } from './use-pipe-text.ts'

const most = 240

/** Text of others, as text; a long one is cut until it is asked for. */
export function LongText({ whole }: { readonly whole: string }): ReactNode {
  const text = usePipeText()
  const { language } = useChoices()
  const [isWhole, setWhole] = useState(false)
  return (
    <>
      <bdi className="long-text">{shownText(whole, isWhole ? whole.length : most)}</bdi>
      {whole.length > most && (
        <button
          type="button"
          className="quiet"
          aria-expanded={isWhole}
          onClick={() => {
            setWhole(!isWhole)
          }}
        >
          {isWhole ? text('showLess') : text('showAll', { count: fullNumber(whole.length, undefined, language) })}
        </button>
      )}
    </>
  )
}
