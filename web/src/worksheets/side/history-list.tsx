import type { ReactNode } from 'react'
import { dialectNames } from '../../../../src/sql/dialects.ts'
import { useChoices, useText } from '../../app/choices.tsx'
import { fullNumber, shownMoment, shownText } from '../../text/figures.ts'
import type { Asked, HistoryEntry } from '../history.ts'
import { shownTime } from '../run/run-bar.tsx'
import { matches } from './groups.ts'
import type { SideProps } from './side.tsx'
import { useNamedQueries } from '../../named-queries/use-named-queries.ts'

type HistoryListProps = Pick<SideProps, 'history' | 'onHistory' | 'onClear'> & { readonly find: string }

const mostShown = 160

/** What was run in this browser, newest first. */
export function HistoryList({ history, onHistory, onClear, find }: HistoryListProps): ReactNode {
  const text = useText()
  const { language, zone } = useChoices()
  const queries = useNamedQueries()

  const wordsOf = (asked: Asked): string => {
    if ('sql' in asked) return asked.sql.replaceAll(/\s+/g, ' ').trim()
    const title = queries.find((query) => query.name === asked.query)?.title ?? asked.query
    const given = Object.entries(asked.parameters).map(([name, value]) => `${name}=${value}`)
    return [title, ...given].join(' · ')
  }

  const outcomeOf = ({ ms, rows, error }: HistoryEntry): string[] => [
    error === undefined
      ? text('historyRows', { rows: fullNumber(rows ?? 0, undefined, language) })
      : text('historyFailed'),
    shownTime(ms, text, language),
  ]

  if (history.length === 0)
    return (
      <div className="side-note">
        <strong>{text('historyNone')}</strong>
        <p>{text('historyNoneHint')}</p>
      </div>
    )
  const shown = history.filter((entry) => matches(find, wordsOf(entry.asked)))
  return (
    <>
      <ul>
        {shown.map((entry, at) => {
          const { asked, error } = entry
          return (
            <li key={`${entry.at} ${at}`}>
              <button
                type="button"
                className="side-item past"
                title={error === undefined ? undefined : shownText(error)}
                onClick={() => {
                  onHistory(entry)
                }}
              >
                <span className={'sql' in asked ? 'side-title statement' : 'side-title'}>
                  <bdi>{shownText(wordsOf(asked), mostShown)}</bdi>
                </span>
                <span className={error === undefined ? 'side-facts' : 'side-facts bad'}>
                  {[
                    shownMoment(entry.at, zone),
                    ...outcomeOf(entry),
                    ...('sql' in asked && asked.engine === 'athena' ? [text('onAthena')] : []),
                    ...('sql' in asked && asked.dialect !== 'duckdb' ? [dialectNames[asked.dialect]] : []),
                  ].join(' · ')}
                </span>
              </button>
            </li>
          )
        })}
      </ul>
      {shown.length === 0 && <p className="side-note">{text('findNone', { find: shownText(find, 60) })}</p>}
      <button
        type="button"
        className="quiet side-clear"
        onClick={() => {
          if (globalThis.confirm(text('historyClearSure'))) onClear()
        }}
      >
        {text('historyClear')}
      </button>
    </>
  )
}
