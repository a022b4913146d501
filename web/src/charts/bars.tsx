import type { ReactNode } from 'react'
import type { ChartSettings } from '../../../src/dashboard/shape.ts'
import type { Result } from '../api/query.ts'
import { useChoices, useText } from '../app/choices.tsx'
import { fullNumber, plainText, shortNumber, shownValue } from '../text/figures.ts'
import { barsOf } from './values.ts'

interface BarsProps {
  readonly result: Result
  readonly settings: ChartSettings
  readonly label: string
  readonly onPick?: ((key: unknown) => void) | undefined
}

/** Horizontal bars as a list: each can be reached by the keyboard and read aloud. */
export function Bars({ result, settings, label, onPick }: BarsProps): ReactNode {
  const choices = useChoices()
  const text = useText()
  const bars = barsOf(result, settings)
  const most = Math.max(...bars.map((bar) => Math.abs(bar.value)), Number.MIN_VALUE)
  return (
    <ol className="bars" aria-label={label}>
      {bars.map((bar) => {
        const name = shownValue(bar.key, choices) || text('nothing')
        const full = fullNumber(bar.value, settings.unit, choices.language)
        const inside = (
          <>
            <bdi className="bar-name">{name}</bdi>
            <span className="bar-track" aria-hidden="true">
              <span className="bar-fill" style={{ inlineSize: `${(100 * Math.abs(bar.value)) / most}%` }} />
            </span>
            <span className="bar-value">{shortNumber(bar.value, settings.unit, choices.language)}</span>
          </>
        )
        return (
          <li key={plainText(bar.key)} title={`${name}\n${full}`}>
            {onPick === undefined ? (
              <div className="bar">{inside}</div>
            ) : (
              <button
                type="button"
                className="bar"
                onClick={() => {
                  onPick(bar.key)
                }}
              >
                {inside}
              </button>
            )}
          </li>
        )
      })}
    </ol>
  )
}
