import { useQuery } from '@tanstack/react-query'
import { type ReactNode, useId, useState } from 'react'
import { viewsQuery } from '../api/lake.ts'
import type { Filter } from '../app/address.ts'
import { useText } from '../app/choices.tsx'
import { Icon } from '../app/icon.tsx'
import { shownText } from '../text/figures.ts'

interface FiltersProps {
  readonly filters: readonly Filter[]
  readonly onChange: (filters: readonly Filter[]) => void
}

/** The filters of a dashboard, each of which can be taken away, and a form for one more. */
export function Filters({ filters, onChange }: FiltersProps): ReactNode {
  const text = useText()
  const [isAdding, setAdding] = useState(false)
  return (
    <div className="filters">
      {filters.map((filter) => {
        const shown = `${shownText(filter.column, 40)} ${filter.value === null ? text('isNull') : `= ${shownText(filter.value, 60)}`}`
        return (
          <button
            key={JSON.stringify(filter)}
            type="button"
            className="chip"
            aria-label={text('removeFilter', { filter: shown })}
            onClick={() => {
              onChange(filters.filter((other) => other !== filter))
            }}
          >
            <bdi>{shown}</bdi>
            <Icon name="close" />
          </button>
        )
      })}
      {isAdding ? (
        <FilterForm
          onCancel={() => {
            setAdding(false)
          }}
          onAdd={(filter) => {
            setAdding(false)
            onChange([...filters, filter])
          }}
        />
      ) : (
        <button
          type="button"
          className="button"
          onClick={() => {
            setAdding(true)
          }}
        >
          <Icon name="filter" />
          <span className="tool-text">{text('addFilter')}</span>
        </button>
      )}
    </div>
  )
}

interface FilterFormProps {
  readonly onAdd: (filter: Filter) => void
  readonly onCancel: () => void
}

function FilterForm({ onAdd, onCancel }: FilterFormProps): ReactNode {
  const text = useText()
  const { data: views = [] } = useQuery(viewsQuery)
  const [column, setColumn] = useState('')
  const [value, setValue] = useState('')
  const list = useId()
  const names = [...new Set(views.flatMap((view) => view.columns.map((known) => known.name)))].toSorted()
  return (
    <form
      className="filter-form"
      onSubmit={(event) => {
        event.preventDefault()
        if (column.trim() !== '') onAdd({ column: column.trim(), value })
      }}
      onKeyDown={(event) => {
        if (event.key === 'Escape') onCancel()
      }}
    >
      <input
        list={list}
        aria-label={text('column')}
        placeholder={text('column')}
        value={column}
        autoFocus
        onChange={(event) => {
          setColumn(event.target.value)
        }}
      />
      <datalist id={list}>
        {names.map((name) => (
          <option key={name} value={name} />
        ))}
      </datalist>
      <span aria-hidden="true">=</span>
      <input
        aria-label={text('value')}
        placeholder={text('value')}
        value={value}
        onChange={(event) => {
          setValue(event.target.value)
        }}
      />
      <button type="submit" className="primary">
        {text('apply')}
      </button>
      <button type="button" className="quiet" aria-label={text('cancel')} onClick={onCancel}>
        <Icon name="close" />
      </button>
    </form>
  )
}
