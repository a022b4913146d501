import { useQuery } from '@tanstack/react-query'
import type { ReactNode } from 'react'
import type { LakeView } from '../api/lake.ts'
import type { RecordScope, Result } from '../api/query.ts'
import { useChoices, useText } from '../app/choices.tsx'
import { quoteName } from '../records/names.ts'
import { type Range, sqlTime, timeOf } from '../range/range.ts'
import { shownMoment } from '../text/figures.ts'
import { answerQuery } from './question.ts'

interface NoRowsProps {
  readonly result: Result
  readonly views: readonly LakeView[]
  readonly scope: RecordScope
  readonly version: string | undefined
  readonly onRange: (range: Range) => void
}

const dayMs = 86_400_000

/** Says that a tile is empty, and where the records are when they are elsewhere. */
export function NoRows({ result, views, scope, version, onRange }: NoRowsProps): ReactNode {
  const text = useText()
  const { zone } = useChoices()
  const view = views.find(({ name, time }) => result.views.includes(name) && time !== undefined)
  const time = quoteName(view?.time ?? '')
  const question = {
    sql: `select min(${time})::timestamp as first, max(${time})::timestamp as last from logs.${quoteName(view?.name ?? '')}`,
  }
  const { data } = useQuery({ ...answerQuery(question, version), enabled: view !== undefined })
  const [first, last] = (data?.rows[0] ?? []).map(timeOf)
  const isElsewhere =
    first !== undefined &&
    last !== undefined &&
    (last < (timeOf(scope.from) ?? 0) || first >= (timeOf(scope.to) ?? Infinity))
  if (!isElsewhere)
    return (
      <div className="tile-note">
        <strong>{text(view === undefined ? 'noRowsAtAll' : 'noRows')}</strong>
        {view !== undefined && <p>{text('noRowsHint')}</p>}
      </div>
    )
  const to = Math.ceil((last + 1000) / 60_000) * 60_000
  const from = Math.max(Math.floor(first / 60_000) * 60_000, to - 30 * dayMs)
  const range = `${shownMoment(from, zone)} – ${shownMoment(to, zone)}`
  return (
    <div className="tile-note">
      <p>{text('noRecordsRange', { from: shownMoment(first, zone), to: shownMoment(last, zone) })}</p>
      <button
        type="button"
        className="button"
        onClick={() => {
          onRange({ from: sqlTime(from), to: sqlTime(to) })
        }}
      >
        {text('showAll', { range })}
      </button>
    </div>
  )
}
