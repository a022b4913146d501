import { type KeyboardEvent, type PointerEvent, type ReactNode, useRef, useState } from 'react'
import type { Place, Tile } from '../../../src/dashboard/shape.ts'
import { textIn, useChoices, useText } from '../app/choices.tsx'
import { Icon } from '../app/icon.tsx'
import { gridColumns, moveTile } from './layout.ts'

/** Height of a row with the gap below it, as in tiles.css. */
const rowPx = 44

interface GridProps {
  readonly tiles: readonly Tile[]
  readonly isEditing: boolean
  readonly onChange: (edit: (tiles: readonly Tile[]) => Tile[]) => void
  readonly children: (tile: Tile, handle: ReactNode) => ReactNode
}

interface Drag {
  readonly id: string
  readonly kind: 'move' | 'resize'
  readonly x: number
  readonly y: number
  readonly at: Place
}

const steps: Readonly<Record<string, readonly [x: number, y: number]>> = {
  ArrowLeft: [-1, 0],
  ArrowRight: [1, 0],
  ArrowUp: [0, -1],
  ArrowDown: [0, 1],
}

function changed({ kind, at }: Pick<Drag, 'kind' | 'at'>, x: number, y: number): Place {
  return kind === 'move' ? { ...at, x: at.x + x, y: at.y + y } : { ...at, w: at.w + x, h: at.h + y }
}

/** Tiles on twelve columns, one below the other on a narrow screen. While they are edited, they are moved and resized by mouse or keys. */
export function Grid({ tiles, isEditing, onChange, children }: GridProps): ReactNode {
  const text = useText()
  const { language } = useChoices()
  const box = useRef<HTMLDivElement>(null)
  const drag = useRef<Drag>(undefined)
  const [draft, setDraft] = useState<{ readonly id: string; readonly tiles: readonly Tile[] }>()
  const shown = draft?.tiles ?? tiles

  const begin = (event: PointerEvent, tile: Tile, kind: Drag['kind']): void => {
    if (event.button !== 0) return
    event.currentTarget.setPointerCapture(event.pointerId)
    drag.current = { id: tile.id, kind, x: event.clientX, y: event.clientY, at: tile.at }
    setDraft({ id: tile.id, tiles })
  }

  /** The tiles as the pointer has them now; undefined where nothing is dragged, or not far enough for a move. */
  const dragged = (event: PointerEvent): Tile[] | undefined => {
    if (drag.current === undefined || box.current === null) return undefined
    const columnPx = box.current.clientWidth / gridColumns
    const x = Math.round((event.clientX - drag.current.x) / columnPx)
    const y = Math.round((event.clientY - drag.current.y) / rowPx)
    return x === 0 && y === 0 ? undefined : moveTile(tiles, drag.current.id, changed(drag.current, x, y))
  }

  const follow = (event: PointerEvent): void => {
    if (drag.current !== undefined) setDraft({ id: drag.current.id, tiles: dragged(event) ?? tiles })
  }

  // By where the pointer is, not by what was drawn last: on a busy page that is a move or more behind.
  const drop = (event: PointerEvent): void => {
    const moved = dragged(event)
    cancel()
    if (moved !== undefined) onChange(() => moved)
  }

  const cancel = (): void => {
    drag.current = undefined
    setDraft(undefined)
  }

  const press = (event: KeyboardEvent, tile: Tile): void => {
    const step = steps[event.key]
    if (step === undefined) return
    event.preventDefault()
    const kind = event.shiftKey ? 'resize' : 'move'
    onChange((newest) => {
      const at = newest.find((other) => other.id === tile.id)?.at ?? tile.at
      return moveTile(newest, tile.id, changed({ kind, at }, step[0], step[1]))
    })
  }

  const handlesOf = (tile: Tile, kind: Drag['kind']): object => ({
    onPointerDown: (event: PointerEvent) => {
      begin(event, tile, kind)
    },
    onPointerMove: follow,
    onPointerUp: drop,
    onPointerCancel: cancel,
  })

  return (
    <div ref={box} className={isEditing ? 'grid editing' : 'grid'}>
      {shown
        .toSorted((one, other) => one.at.y - other.at.y || one.at.x - other.at.x)
        .map((tile) => {
          const title = textIn(tile.title, language)
          const { x, y, w, h } = tile.at
          const handle = isEditing && (
            <button
              type="button"
              className="handle"
              aria-label={text('moveTile', { title })}
              aria-description={text('moved', { x: x + 1, y: y + 1, w, h })}
              title={text('moveTile', { title })}
              onKeyDown={(event) => {
                press(event, tile)
              }}
              {...handlesOf(tile, 'move')}
            >
              <Icon name="move" />
            </button>
          )
          return (
            <section
              key={tile.id}
              className={draft?.id === tile.id ? 'tile dragged' : 'tile'}
              aria-label={title}
              data-tile={tile.id}
              style={{ '--x': x + 1, '--y': y + 1, '--w': w, '--h': h }}
            >
              {children(tile, handle)}
              {isEditing && (
                <span
                  className="resize"
                  title={text('resizeTile', { title })}
                  aria-hidden="true"
                  {...handlesOf(tile, 'resize')}
                />
              )}
            </section>
          )
        })}
    </div>
  )
}
