import { useQuery } from '@tanstack/react-query'
import type { ReactNode } from 'react'
import type { LakeView } from '../api/lake.ts'
import type { RecordScope, Result } from '../api/query.ts'
import type { Filter } from '../app/address.ts'
import { useChoices, useText } from '../app/choices.tsx'
import { Dialog } from '../app/dialog.tsx'
import { Icon } from '../app/icon.tsx'
import { Table } from '../charts/table.tsx'
import { answerQuery } from '../tiles/question.ts'
import { shownText } from '../text/figures.ts'
import { quoteName } from './names.ts'

const most = 200

/** Records to look at: those of a view, and of the tile's own conditions where they are known. */
export interface RecordsOf {
  readonly view: LakeView
  readonly filter: Filter
  /** Conditions of the tile, as SQL. */
  readonly where?: string | undefined
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
  of: { view, filter, where },
  scope,
  version,
  onFilter,
  onClose,
}: RecordsPanelProps): ReactNode {
  const text = useText()
  const { zone } = useChoices()
  const order = view.time === undefined ? '' : ` order by ${quoteName(view.time)} desc`
  const condition = where === undefined ? '' : ` where ${where}`
  const question = {
    sql: `select * from ${quoteName(view.name)}${condition}${order} limit ${most}`,
    scope: { ...scope, filters: [...scope.filters, filter] },
  }
  const { data, error } = useQuery(answerQuery(question, version))
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
      {error !== null && <p role="alert">{error.message}</p>}
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
