/** Height of a row in pixels; the style sheet says the same. */
export const rowHeight = 28

/** Browsers draw no element higher than about 17 million pixels; beyond this the scroll bar is a scale, not a ruler. */
export const maxHeight = 8_000_000

export interface Extent {
  readonly rows: number
  /** Height that rows are seen in. */
  readonly view: number
}

/** Where a scroll bar stands, and which pixel of all rows is the first in sight. */
export interface Position {
  readonly scrollTop: number
  readonly top: number
}

/** The height that the rows take in the page. */
export function shownHeight({ rows }: Pick<Extent, 'rows'>): number {
  return Math.min(rows * rowHeight, maxHeight)
}

function lastTop({ rows, view }: Extent): number {
  return Math.max(0, rows * rowHeight - view)
}

function lastScrollTop(extent: Extent): number {
  return Math.max(0, shownHeight(extent) - extent.view)
}

function within(value: number, most: number): number {
  return Math.min(most, Math.max(0, value))
}

/** The scroll position that shows a pixel of all rows first. */
export function scrollTopFor(top: number, extent: Extent): number {
  const most = lastTop(extent)
  return most === 0 ? 0 : (within(top, most) / most) * lastScrollTop(extent)
}

/** Where the rows stand after the reader scrolled. Short ways are taken pixel by pixel, also where the bar is a scale; a drag goes by the scale. */
export function follow(before: Position, scrollTop: number, extent: Extent): Position {
  const [most, end] = [lastTop(extent), lastScrollTop(extent)]
  if (most === end) return { scrollTop, top: within(scrollTop, most) }
  if (scrollTop <= 0) return { scrollTop, top: 0 }
  if (scrollTop >= end - 1) return { scrollTop, top: most }
  const way = scrollTop - before.scrollTop
  const top = Math.abs(way) <= 2 * extent.view ? before.top + way : (scrollTop / end) * most
  return { scrollTop, top: within(top, most) }
}

/** A half-open span of rows or columns. */
export interface Span {
  readonly first: number
  readonly end: number
}

/** The rows to draw, with some more on either side. */
export function rowsInSight({ top }: Pick<Position, 'top'>, { rows, view }: Extent, more: number): Span {
  const first = Math.max(0, Math.min(rows, Math.floor(top / rowHeight)) - more)
  const end = Math.min(rows, Math.ceil((top + view) / rowHeight) + more)
  return { first, end: Math.max(first, end) }
}

/** The columns to draw; `edges` are their left edges and the right edge of the last. */
export function columnsInSight(edges: readonly number[], left: number, view: number): Span {
  const count = edges.length - 1
  const first = edges.findIndex((_, index) => (edges[index + 1] ?? 0) > left)
  if (count < 1 || first === -1) return { first: 0, end: Math.max(0, Math.min(count, 1)) }
  const behind = edges.findIndex((edge, index) => index > first && edge >= left + view)
  return { first: Math.min(first, count - 1), end: behind === -1 ? count : Math.min(behind, count) }
}

/** The first pixel in sight so that a row is whole in sight, moved as little as can be. */
export function topToShow(row: number, { top }: Pick<Position, 'top'>, extent: Extent): number {
  const start = row * rowHeight
  if (start < top) return start
  const overhang = start + rowHeight - extent.view
  return within(Math.max(top, overhang), lastTop(extent))
}
