import { useQuery } from '@tanstack/react-query'
import type { ReactNode } from 'react'
import { type LakeView, recordsQuery } from '../api/lake.ts'
import type { Question, RecordScope, Result } from '../api/query.ts'
import type { Filter } from '../app/address.ts'
import { useChoices, useText } from '../app/choices.tsx'
import { Dialog } from '../app/dialog.tsx'
import { Icon } from '../app/icon.tsx'
import { Table } from '../charts/table.tsx'
import { answerQuery } from '../tiles/question.ts'
import { shownMessage, shownText } from '../text/figures.ts'
import { quoteName } from './names.ts'

const most = 200

/** Records to look at: those behind a value of an answer. */
export interface RecordsOf {
  readonly question: Question
  /** A view that was read and has the column. */
  readonly view: LakeView
  /** It is the built-in view, also where people have a table of its name. */
  readonly builtIn: boolean | undefined
  readonly filter: Filter
}

interface RecordsPanelProps {
  readonly of: RecordsOf
  readonly scope: RecordScope
  readonly version: string | undefined
  readonly onFilter: (filter: Filter) => void
  readonly onClose: () => void
}

/** Columns in which no record has a value tell nothing. */
function withoutEmpty(result: Result): Result {
  const kept = result.columns.flatMap((_, index) =>
    result.rows.some((row) => row[index] !== null && row[index] !== undefined) ? [index] : [],
  )
  return {
    ...result,
    columns: result.columns.filter((_, index) => kept.includes(index)),
    rows: result.rows.map((row) => kept.map((index) => row[index])),
  }
}

/** The records behind a bar, newest first. */
export function RecordsPanel({
  of: { question, view, builtIn, filter },
  scope,
  version,
  onFilter,
  onClose,
}: RecordsPanelProps): ReactNode {
  const text = useText()
  const { zone } = useChoices()
  const records = useQuery(recordsQuery(question, filter.column))
  const order = view.time === undefined ? '' : ` order by ${quoteName(view.time)} desc`
  // The tile's own conditions hold where the server could read them off its statement.
  const source = records.data?.view === view.name ? `(${records.data.sql})` : quoteName(view.name)
  const answer = useQuery({
    ...answerQuery(
      {
        sql: `select * from ${source}${order} limit ${most}`,
        scope: { ...scope, filters: [...scope.filters, filter] },
        builtIn,
      },
      version,
    ),
    enabled: !records.isPending,
  })
  const { data, error } = answer
  const value = filter.value === null ? text('nothing') : shownText(filter.value, 80)
  const column = shownText(filter.column, 60)
  return (
    <Dialog
      className="panel"
      onClose={onClose}
      title={
        <>
          {column} = <bdi>{value}</bdi>
        </>
      }
    >
      <div className="panel-tools">
        <p>
          {text('recordsHint', { count: data?.rows.length ?? '…', view: view.name, column, value })} ({text(zone)})
        </p>
        <button
          type="button"
          className="button"
          onClick={() => {
            onFilter(filter)
            onClose()
          }}
        >
          <Icon name="filter" />
          {text('filterBy')}
        </button>
      </div>
      {error !== null && <p role="alert">{shownMessage(error.message)}</p>}
      {data === undefined && error === null && <div className="skeleton tall" />}
      {data !== undefined &&
        (data.rows.length === 0 ? (
          <p className="tile-note">{text('noRecords')}</p>
        ) : (
          <Table result={withoutEmpty(data)} label={text('recordsOf', { value })} />
        ))}
    </Dialog>
  )
}
