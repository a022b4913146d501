import * as fc from 'fast-check'
import { expect, test } from 'vitest'
import {
  columnsInSight,
  type Extent,
  follow,
  maxHeight,
  type Position,
  rowHeight,
  rowsInSight,
  scrollTopFor,
  shownHeight,
  topToShow,
} from '../../web/src/worksheets/grid/window.ts'
import { edgesOf } from '../../web/src/worksheets/grid/widths.ts'

const extents: fc.Arbitrary<Extent> = fc.record({
  rows: fc.oneof(fc.integer({ min: 0, max: 300 }), fc.integer({ min: 1, max: 5_000_000 })),
  view: fc.integer({ min: 60, max: 2000 }),
})

const million: Extent = { rows: 1_000_000, view: 500 }

function lastTop({ rows, view }: Extent): number {
  return Math.max(0, rows * rowHeight - view)
}

test('an element is never higher than browsers draw, and shows all rows where it can', () => {
  expect(shownHeight({ rows: 1000 })).toBe(28_000)
  expect(shownHeight(million)).toBe(maxHeight)
})

test('the bar reaches the first and the last row', () => {
  fc.assert(
    fc.property(extents, (extent) => {
      const end = Math.max(0, shownHeight(extent) - extent.view)
      const middle: Position = { scrollTop: end / 2, top: lastTop(extent) / 2 }
      expect(follow(middle, 0, extent).top).toBe(0)
      expect(follow(middle, end, extent).top).toBeCloseTo(lastTop(extent))
      expect(rowsInSight({ top: lastTop(extent) }, extent, 0).end).toBe(extent.rows)
    }),
  )
})

test('however one scrolls, what is in sight are rows that there are, and enough of them', () => {
  const moves = fc.array(fc.oneof(fc.integer({ min: -900, max: 900 }), fc.integer({ min: -maxHeight, max: maxHeight })))
  fc.assert(
    fc.property(extents, moves, (extent, ways) => {
      const end = Math.max(0, shownHeight(extent) - extent.view)
      let position: Position = { scrollTop: 0, top: 0 }
      for (const way of ways) {
        position = follow(position, Math.min(end, Math.max(0, position.scrollTop + way)), extent)
        const { first, end: behind } = rowsInSight(position, extent, 0)
        expect(position.top).toBeGreaterThanOrEqual(0)
        expect(position.top).toBeLessThanOrEqual(lastTop(extent))
        expect(behind).toBeLessThanOrEqual(extent.rows)
        expect((behind - first) * rowHeight).toBeGreaterThanOrEqual(Math.min(extent.view, extent.rows * rowHeight))
      }
    }),
  )
})

test('a short way goes as far as the wheel, also among a million rows; a drag goes by the scale', () => {
  const before = { scrollTop: 4_000_000, top: 14_000_000 }

  expect(follow(before, 4_000_100, million).top).toBe(14_000_100)
  expect(follow(before, 3_999_900, million).top).toBe(13_999_900)
  expect(follow(before, 2_000_000, million).top / (million.rows * rowHeight)).toBeCloseTo(0.25, 3)
})

test('the place of the bar for a row leads back to that row', () => {
  fc.assert(
    fc.property(extents, fc.double({ min: 0, max: 1, noNaN: true }), (extent, share) => {
      const top = share * lastTop(extent)
      const scrollTop = scrollTopFor(top, extent)
      expect(scrollTop).toBeLessThanOrEqual(shownHeight(extent))
      expect(follow({ scrollTop, top }, scrollTop, extent).top).toBeCloseTo(top, -2)
    }),
  )
})

test('a row is brought into sight by the shortest way', () => {
  fc.assert(
    fc.property(extents, fc.nat(), fc.nat(), (extent, some, other) => {
      fc.pre(extent.rows > 0)
      const row = some % extent.rows
      const top = other % (lastTop(extent) + 1)
      const found = topToShow(row, { top }, extent)
      expect(found).toBeLessThanOrEqual(row * rowHeight)
      expect(found + extent.view).toBeGreaterThanOrEqual(Math.min((row + 1) * rowHeight, extent.rows * rowHeight))
      if (row * rowHeight >= top && (row + 1) * rowHeight <= top + extent.view) expect(found).toBe(top)
    }),
  )
})

test('the columns drawn cover what is seen', () => {
  fc.assert(
    fc.property(
      fc.array(fc.integer({ min: 56, max: 400 }), { minLength: 1, maxLength: 80 }),
      fc.double({ min: 0, max: 1, noNaN: true }),
      fc.integer({ min: 100, max: 2000 }),
      (widths, share, view) => {
        const edges = edgesOf(widths)
        const all = edges.at(-1) ?? 0
        const left = share * Math.max(0, all - view)
        const { first, end } = columnsInSight(edges, left, view)
        expect(edges[first]).toBeLessThanOrEqual(left)
        expect(edges[end]).toBeGreaterThanOrEqual(Math.min(all, left + view))
        expect(end - first).toBeLessThanOrEqual(Math.ceil(view / 56) + 2)
      },
    ),
  )
  expect(columnsInSight([0], 0, 500)).toEqual({ first: 0, end: 0 })
})
