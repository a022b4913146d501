import { type RefObject, useCallback, useEffect, useLayoutEffect, useState } from 'react'
import { type Extent, follow, type Position, rowHeight, scrollTopFor, shownHeight, topToShow } from './window.ts'

/** Height of the row of names; the style sheet says the same. */
export const headHeight = 32

/** Scrolling has ended when it rests so long. */
const restMs = 160

export interface Scroll {
  readonly position: Position
  readonly left: number
  /** What rows are seen in. */
  readonly extent: Extent
  readonly width: number
  readonly onScroll: () => void
  /** Brings a row into sight, and a span of pixels of the columns. */
  readonly show: (row: number, start: number, end: number) => void
}

/** Where a grid of so many rows is scrolled to. `gutter` is what stays in sight at its left. */
export function useScroll(scroller: RefObject<HTMLElement | null>, rows: number, gutter: number): Scroll {
  const [size, setSize] = useState({ width: 0, height: 0 })
  const [position, setPosition] = useState<Position>({ scrollTop: 0, top: 0 })
  const [left, setLeft] = useState(0)
  const extent: Extent = { rows, view: Math.max(rowHeight, size.height - headHeight) }

  useLayoutEffect(() => {
    const box = scroller.current
    if (box === null) return
    const measure = (): void => {
      setSize({ width: box.clientWidth, height: box.clientHeight })
    }
    measure()
    const observer = new ResizeObserver(measure)
    observer.observe(box)
    return () => {
      observer.disconnect()
    }
  }, [scroller])

  const isScale = shownHeight(extent) < rows * rowHeight
  useEffect(() => {
    if (!isScale) return
    // Short ways have taken the bar off its scale: it is put where it belongs once the reader rests.
    const timer = setTimeout(() => {
      const box = scroller.current
      const wanted = scrollTopFor(position.top, { rows, view: extent.view })
      if (box === null || Math.abs(wanted - box.scrollTop) < 1) return
      box.scrollTop = wanted
      setPosition({ scrollTop: box.scrollTop, top: position.top })
    }, restMs)
    return () => {
      clearTimeout(timer)
    }
  }, [scroller, isScale, position.top, rows, extent.view])

  const onScroll = useCallback(() => {
    const box = scroller.current
    if (box === null) return
    const { scrollTop, scrollLeft, clientHeight } = box
    const view = Math.max(rowHeight, clientHeight - headHeight)
    setPosition((before) => (before.scrollTop === scrollTop ? before : follow(before, scrollTop, { rows, view })))
    setLeft(scrollLeft)
  }, [scroller, rows])

  const show = (row: number, start: number, end: number): void => {
    const box = scroller.current
    if (box === null) return
    const top = topToShow(row, position, extent)
    if (top !== position.top) {
      box.scrollTop = scrollTopFor(top, extent)
      setPosition({ scrollTop: box.scrollTop, top })
    }
    const seen = box.clientWidth - gutter
    if (start < box.scrollLeft) box.scrollLeft = start
    else if (end > box.scrollLeft + seen) box.scrollLeft = Math.min(start, end - seen)
  }

  return { position, left, extent, width: size.width, onScroll, show }
}
