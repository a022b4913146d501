import type { PointerEvent, ReactNode } from 'react'
import type { Result } from '../../api/query.ts'
import { cellClass } from '../../charts/cells.ts'
import { shownText } from '../../text/figures.ts'
import { narrowest, widest } from './widths.ts'
import type { Span } from './window.ts'

interface GridHeadProps {
  readonly columns: Result['columns']
  readonly edges: readonly number[]
  readonly span: Span
  readonly onWidth: (column: number, width: number) => void
}

/** The names of the columns in sight; their right edges are dragged to make them wider. */
export function GridHead({ columns, edges, span, onWidth }: GridHeadProps): ReactNode {
  const drag = (event: PointerEvent<HTMLElement>, column: number): void => {
    event.preventDefault()
    const handle: HTMLElement = event.currentTarget
    const from = event.clientX
    const width = (edges[column + 1] ?? 0) - (edges[column] ?? 0)
    handle.setPointerCapture(event.pointerId)
    const end = new AbortController()
    handle.addEventListener(
      'pointermove',
      (move) => {
        onWidth(column, Math.min(widest, Math.max(narrowest, width + move.clientX - from)))
      },
      { signal: end.signal },
    )
    const stop = (): void => {
      end.abort()
    }
    handle.addEventListener('pointerup', stop, { signal: end.signal })
    handle.addEventListener('pointercancel', stop, { signal: end.signal })
  }
  return (
    <div className="grid-head" role="rowgroup">
      <div className="grid-row" role="row" aria-rowindex={1}>
        <div className="grid-number" role="columnheader" aria-colindex={1} aria-label="#" />
        <span role="presentation" className="grid-space" style={{ inlineSize: edges[span.first] ?? 0 }} />
        {columns.slice(span.first, span.end).map((column, at) => {
          const place = span.first + at
          return (
            <div
              key={column.name}
              role="columnheader"
              aria-colindex={place + 2}
              className={`grid-name ${cellClass(column.type)}`}
              title={`${shownText(column.name, 200)} – ${shownText(column.type, 200).toLowerCase()}`}
              style={{ inlineSize: (edges[place + 1] ?? 0) - (edges[place] ?? 0) }}
            >
              <bdi>{shownText(column.name, 60)}</bdi>
              <span
                className="grid-edge"
                aria-hidden="true"
                onPointerDown={(event) => {
                  drag(event, place)
                }}
              />
            </div>
          )
        })}
      </div>
    </div>
  )
}
