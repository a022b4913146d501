import { type ReactNode, useEffect, useRef, useState } from 'react'
import type { Result } from '../../api/query.ts'
import { useChoices, useText } from '../../app/choices.tsx'
import { Icon } from '../../app/icon.tsx'
import { fullNumber, plainText, shownText } from '../../text/figures.ts'

const mostShown = 20_000

interface CellPanelProps {
  readonly column: Result['columns'][number]
  readonly row: number
  readonly value: unknown
  readonly onClose: () => void
}

/** Lists and structs are set apart in lines, as text is that has some. */
function linesOf(value: unknown): string[] {
  const text =
    typeof value === 'object' && value !== null
      ? JSON.stringify(value, (_, member: unknown) => (typeof member === 'bigint' ? String(member) : member), 2)
      : plainText(value)
  return text.slice(0, mostShown).split('\n')
}

/** The whole value of a cell, as text. */
export function CellPanel({ column, row, value, onClose }: CellPanelProps): ReactNode {
  const text = useText()
  const { language } = useChoices()
  const panel = useRef<HTMLElement>(null)
  const [wasCopied, setCopied] = useState(false)
  useEffect(() => {
    panel.current?.scrollIntoView({ block: 'nearest' })
  }, [])
  const whole = plainText(value)
  const copy = async (): Promise<void> => {
    await navigator.clipboard.writeText(whole)
    setCopied(true)
  }
  return (
    <aside
      ref={panel}
      className="cell-panel"
      aria-label={text('cellOf', { column: shownText(column.name, 60), row: row + 1 })}
    >
      <header>
        <h3>
          <bdi>{shownText(column.name, 60)}</bdi>
          <small>
            {shownText(column.type, 60).toLowerCase()} ·{' '}
            {text('rowNumber', { row: fullNumber(row + 1, undefined, language) })}
          </small>
        </h3>
        <button
          type="button"
          className="quiet"
          disabled={value === null}
          onClick={() => {
            void copy()
          }}
        >
          {text(wasCopied ? 'copied' : 'copy')}
        </button>
        <button type="button" className="quiet" aria-label={text('close')} title={text('close')} onClick={onClose}>
          <Icon name="close" />
        </button>
      </header>
      {value === null ? (
        <p className="null">NULL</p>
      ) : (
        <pre tabIndex={0} dir="auto">
          {linesOf(value)
            .map((line) => shownText(line, mostShown))
            .join('\n')}
        </pre>
      )}
      {whole.length > mostShown && (
        <p className="soft">
          {text('cutAt', {
            shown: fullNumber(mostShown, undefined, language),
            count: fullNumber(whole.length, undefined, language),
          })}
        </p>
      )}
    </aside>
  )
}
