import {
  type ClipboardEvent,
  type KeyboardEvent,
  type MouseEvent,
  type ReactNode,
  useEffect,
  useId,
  useMemo,
  useRef,
  useState,
} from 'react'
import { useChoices } from '../../app/choices.tsx'
import { plainText } from '../../text/figures.ts'
import type { Coming } from '../run/read-result.ts'
import { CellPanel } from './cell-panel.tsx'
import { GridHead } from './grid-head.tsx'
import { GridRow } from './grid-row.tsx'
import { type CellPlace, cellAfter } from './keys.ts'
import { useScroll } from './use-scroll.ts'
import { edgesOf, fitWidths } from './widths.ts'
import { columnsInSight, rowHeight, rowsInSight, shownHeight } from './window.ts'

const moreRows = 12
const digitPixels = 8

interface ResultGridProps {
  readonly coming: Coming
  /** How many of its rows are shown: it grows while they come. */
  readonly count: number
  readonly isComing: boolean
  readonly label: string
}

function placeOf(target: EventTarget): CellPlace | undefined {
  const cell = target instanceof Element ? target.closest<HTMLElement>('[data-column]') : null
  const row = cell?.closest<HTMLElement>('[data-row]')
  if (cell === null || row === null || row === undefined) return undefined
  return { row: Number(row.dataset['row']), column: Number(cell.dataset['column']) }
}

/** All rows of a result. Only those in sight are in the document, however many there are. */
export function ResultGrid({ coming, count, isComing, label }: ResultGridProps): ReactNode {
  const { rows, head } = coming
  const { columns } = head
  const { language, zone } = useChoices()
  const id = useId()
  const scroller = useRef<HTMLDivElement>(null)
  const [active, setActive] = useState<CellPlace>()
  const [isOpen, setOpen] = useState(false)
  const [chosen, setChosen] = useState<ReadonlyMap<number, number>>(new Map())
  const hasRows = count > 0
  const fitting = useMemo(
    () => fitWidths({ columns, rows: hasRows ? rows.first(200) : [] }, { language, zone }),
    [columns, rows, hasRows, language, zone],
  )
  const edges = useMemo(() => edgesOf(fitting.map((width, column) => chosen.get(column) ?? width)), [fitting, chosen])
  const gutter = Math.max(3, String(count).length + Math.floor((String(count).length - 1) / 3)) * digitPixels + 18
  const scroll = useScroll(scroller, count, gutter)
  const { position, extent, width, left } = scroll
  const span = rowsInSight(position, extent, moreRows)
  const seen = columnsInSight(edges, left, width - gutter)
  const total = edges.at(-1) ?? 0

  const go = (place: CellPlace): void => {
    setActive(place)
    scroll.show(place.row, edges[place.column] ?? 0, edges[place.column + 1] ?? 0)
  }

  // A panel that opens takes room from the grid: the cell it is of stays in sight.
  useEffect(() => {
    if (isOpen && active !== undefined) go(active)
  }, [isOpen, width])

  const press = (event: KeyboardEvent): void => {
    if (event.key === 'Escape' && isOpen) setOpen(false)
    else if (event.key === 'Enter' && active !== undefined) setOpen(true)
    else {
      const page = Math.max(1, Math.floor(extent.view / rowHeight) - 1)
      const from = active ?? { row: span.first, column: seen.first }
      const place = cellAfter(event, from, { rows: count, columns: columns.length, page })
      if (place === undefined) return
      go(active === undefined ? { row: Math.floor(position.top / rowHeight), column: seen.first } : place)
    }
    event.preventDefault()
  }

  const pick = (event: MouseEvent): void => {
    const place = placeOf(event.target)
    if (place === undefined || globalThis.getSelection()?.isCollapsed === false) return
    go(place)
    setOpen(true)
  }

  const copy = (event: ClipboardEvent): void => {
    if (active === undefined || globalThis.getSelection()?.isCollapsed === false) return
    event.clipboardData.setData('text/plain', plainText(valueAt(active)))
    event.preventDefault()
  }

  function valueAt(place: CellPlace): unknown {
    return rows.row(place.row)?.[place.column] ?? null
  }

  const column = active === undefined ? undefined : columns[active.column]
  return (
    <div className="result-grid" style={{ '--gutter': `${gutter}px` }}>
      <div
        ref={scroller}
        className="grid-scroller"
        role="grid"
        tabIndex={0}
        aria-label={label}
        aria-busy={isComing}
        aria-rowcount={count + 1}
        aria-colcount={columns.length + 1}
        aria-activedescendant={active === undefined ? undefined : `${id}-active`}
        onScroll={scroll.onScroll}
        onKeyDown={press}
        onClick={pick}
        onCopy={copy}
      >
        <div className="grid-all" role="presentation" style={{ inlineSize: total + gutter }}>
          <GridHead
            columns={columns}
            edges={edges}
            span={seen}
            onWidth={(place, wanted) => {
              setChosen((before) => new Map(before).set(place, wanted))
            }}
          />
          <div className="grid-body" role="rowgroup" style={{ blockSize: shownHeight(extent) }}>
            <div
              role="presentation"
              style={{ transform: `translateY(${span.first * rowHeight + position.scrollTop - position.top}px)` }}
            >
              {Array.from({ length: span.end - span.first }, (_, at) => {
                const index = span.first + at
                return (
                  <GridRow
                    key={index}
                    id={id}
                    index={index}
                    cells={rows.row(index)}
                    columns={columns}
                    edges={edges}
                    first={seen.first}
                    end={seen.end}
                    active={active?.row === index ? active.column : -1}
                    language={language}
                    zone={zone}
                  />
                )
              })}
            </div>
          </div>
        </div>
      </div>
      {isOpen && active !== undefined && column !== undefined && (
        <CellPanel
          key={`${active.row} ${active.column}`}
          column={column}
          row={active.row}
          value={valueAt(active)}
          onClose={() => {
            setOpen(false)
            scroller.current?.focus()
          }}
        />
      )}
    </div>
  )
}
