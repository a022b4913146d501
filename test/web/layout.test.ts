import * as fc from 'fast-check'
import { expect, test } from 'vitest'
import { moveTile, type Placed, roomFor, settle } from '../../web/src/dashboards/layout.ts'

const tiles = fc.uniqueArray(
  fc.record({
    id: fc.stringMatching(/^[a-h]$/),
    at: fc.record({
      x: fc.integer({ min: 0, max: 11 }),
      y: fc.integer({ min: 0, max: 20 }),
      w: fc.integer({ min: 1, max: 12 }),
      h: fc.integer({ min: 1, max: 8 }),
    }),
  }),
  { selector: (tile) => tile.id, minLength: 1 },
)

/** Cells of the grid that two tiles share, or that lie outside. */
function faults(items: readonly Placed[]): string[] {
  const taken = new Set<string>()
  const found: string[] = []
  for (const { at } of items)
    for (let x = at.x; x < at.x + at.w; x++)
      for (let y = at.y; y < at.y + at.h; y++) {
        const cell = `${x},${y}`
        if (taken.has(cell) || x > 11 || x < 0 || y < 0) found.push(cell)
        taken.add(cell)
      }
  return found
}

test('tiles never overlap and never leave the grid, wherever one is moved', () => {
  fc.assert(
    fc.property(tiles, fc.integer({ min: -5, max: 20 }), fc.integer({ min: -5, max: 30 }), (items, x, y) => {
      const [first] = items
      const id = first?.id ?? ''
      const moved = moveTile(settle(items), id, { x, y, w: 4, h: 3 })

      expect(faults(moved)).toEqual([])
      expect(moved.map((tile) => tile.id)).toEqual(items.map((tile) => tile.id))
      expect(settle(moved)).toEqual(moved)
    }),
  )
})

const row = [
  { id: 'a', at: { x: 0, y: 0, w: 6, h: 4 } },
  { id: 'b', at: { x: 6, y: 0, w: 6, h: 4 } },
  { id: 'c', at: { x: 0, y: 4, w: 12, h: 4 } },
]

test('a tile that is dropped on another takes its place, and the other makes room', () => {
  const moved = moveTile(row, 'c', { x: 0, y: 0, w: 12, h: 4 })

  expect(Object.fromEntries(moved.map((tile) => [tile.id, tile.at.y]))).toEqual({ a: 4, b: 4, c: 0 })
})

test('what lies below moves up when a tile goes', () => {
  expect(settle(row.slice(2))[0]?.at).toEqual({ x: 0, y: 0, w: 12, h: 4 })
})

test('a new tile takes the first gap', () => {
  expect(roomFor(row.slice(0, 1), 6, 4)).toEqual({ x: 6, y: 0, w: 6, h: 4 })
  expect(roomFor(row, 6, 4)).toEqual({ x: 0, y: 8, w: 6, h: 4 })
})
