import { memo, type ReactNode } from 'react'
import type { Cell, Result } from '../../api/query.ts'
import { cellClass, shownCell } from '../../charts/cells.ts'
import { fullNumber, type Language, type Zone } from '../../text/figures.ts'

/** More of a value than fits is not worth drawing; a click shows it whole. */
const mostShown = 240

interface GridRowProps {
  readonly id: string
  readonly index: number
  readonly cells: readonly Cell[] | undefined
  readonly columns: Result['columns']
  readonly edges: readonly number[]
  readonly first: number
  readonly end: number
  /** The column of the cell that the keys are at; -1 where it is in another row. */
  readonly active: number
  readonly language: Language
  readonly zone: Zone
}

/** One row of the grid: its number, and the cells in sight. */
export const GridRow = memo(function GridRow(props: GridRowProps): ReactNode {
  const { id, index, cells, columns, edges, first, end, active, language, zone } = props
  const manner = { language, zone }
  return (
    <div className="grid-row" role="row" aria-rowindex={index + 2} data-row={index}>
      <div className="grid-number" role="rowheader" aria-colindex={1}>
        {fullNumber(index + 1, undefined, language)}
      </div>
      <span role="presentation" className="grid-space" style={{ inlineSize: edges[first] ?? 0 }} />
      {columns.slice(first, end).map((column, at) => {
        const place = first + at
        const value = cells?.[place]
        return (
          <div
            key={column.name}
            id={active === place ? `${id}-active` : undefined}
            role="gridcell"
            aria-colindex={place + 2}
            aria-selected={active === place}
            data-column={place}
            className={`grid-cell ${cellClass(column.type)}`}
            style={{ inlineSize: (edges[place + 1] ?? 0) - (edges[place] ?? 0) }}
          >
            {value === null ? (
              <span className="null">NULL</span>
            ) : (
              <bdi>{shownCell(column, value, manner, mostShown)}</bdi>
            )}
          </div>
        )
      })}
    </div>
  )
})
