import type { Place } from '../../../src/dashboard/shape.ts'

/** Something with a place on the grid. */
export interface Placed {
  readonly id: string
  readonly at: Place
}

export const gridColumns = 12
const smallest = { w: 2, h: 2 }

function overlaps(one: Place, other: Place): boolean {
  return one.x < other.x + other.w && other.x < one.x + one.w && one.y < other.y + other.h && other.y < one.y + one.h
}

/** A place within the grid. */
export function fitPlace({ x, y, w, h }: Place): Place {
  const width = Math.min(gridColumns, Math.max(smallest.w, w))
  return {
    x: Math.min(gridColumns - width, Math.max(0, x)),
    y: Math.max(0, y),
    w: width,
    h: Math.min(40, Math.max(smallest.h, h)),
  }
}

/** Puts tiles as high as they go, in reading order, without overlaps. What is `held` gets its place first; others make room. */
export function settle<Item extends Placed>(items: readonly Item[], held?: string): Item[] {
  const isHeld = (item: Item): boolean => item.id === held
  const order = items.toSorted(
    (one, other) => one.at.y - other.at.y || Number(isHeld(other)) - Number(isHeld(one)) || one.at.x - other.at.x,
  )
  const places = new Map<string, Place>()
  for (const item of order) {
    const others = [...places.values()]
    const at = fitPlace(item.at)
    let y = others.some((other) => overlaps({ ...at, y: 0, h: at.y + at.h }, other)) ? at.y : 0
    while (others.some((other) => overlaps({ ...at, y }, other))) y++
    while (y > 0 && !others.some((other) => overlaps({ ...at, y: y - 1 }, other))) y--
    places.set(item.id, { ...at, y })
  }
  return items.map((item) => ({ ...item, at: places.get(item.id) ?? item.at }))
}

/** The tiles with one of them at another place or of another size. */
export function moveTile<Item extends Placed>(items: readonly Item[], id: string, at: Place): Item[] {
  return settle(
    items.map((item) => (item.id === id ? { ...item, at: fitPlace(at) } : item)),
    id,
  )
}

/** Where a new tile of a size has room: the first gap from the top. */
export function roomFor(items: readonly Placed[], w: number, h: number): Place {
  for (let y = 0; ; y++)
    for (let x = 0; x <= gridColumns - w; x++) {
      const at = { x, y, w, h }
      if (!items.some((item) => overlaps(item.at, at))) return at
    }
}
