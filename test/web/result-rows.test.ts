import * as fc from 'fast-check'
import { expect, test } from 'vitest'
import { stringifyJson } from '../../src/server/json.ts'
import { cellAfter } from '../../web/src/worksheets/grid/keys.ts'
import { withTileBelow } from '../../web/src/worksheets/pin.ts'
import { readLines } from '../../web/src/worksheets/run/read-lines.ts'
import { ResultRows } from '../../web/src/worksheets/run/result-rows.ts'

const encoder = new TextEncoder()

test('lines are the same however the network cuts them', async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.array(fc.string({ unit: 'grapheme' }).map((text) => text.replaceAll('\n', ' '))),
      fc.array(fc.integer({ min: 1, max: 20 }), { minLength: 1 }),
      async (lines, cuts) => {
        const bytes = encoder.encode(lines.map((line) => `${line}\n`).join(''))
        const parts: Uint8Array<ArrayBuffer>[] = []
        for (let at = 0, cut = 0; at < bytes.length; cut++) {
          const length = cuts[cut % cuts.length] ?? 1
          parts.push(bytes.slice(at, at + length))
          at += length
        }
        const read: string[] = []
        for await (const line of readLines(new Blob(parts).stream())) read.push(new TextDecoder().decode(line))
        expect(read).toEqual(lines)
      },
    ),
  )
})

test('every row is found again, in any order, and all of them in theirs', () => {
  const cells = fc.array(
    fc.oneof(fc.string(), fc.integer(), fc.bigInt({ min: 2n ** 60n, max: 2n ** 62n }), fc.constant(null)),
  )
  fc.assert(
    fc.property(
      fc.array(fc.array(cells, { minLength: 1, maxLength: 5 }), { maxLength: 60 }),
      fc.nat(),
      (batches, start) => {
        const rows = new ResultRows()
        for (const batch of batches) rows.add(encoder.encode(stringifyJson({ rows: batch })), batch.length)
        const all = batches.flat()
        expect(rows.count).toBe(all.length)
        for (let step = 0; step < all.length; step++) {
          const index = (start + step * 7) % all.length
          expect(rows.row(index)).toEqual(all[index])
        }
        expect(rows.row(all.length)).toBeUndefined()
        expect(rows.row(-1)).toBeUndefined()
        expect([...rows.all()].flat()).toEqual(all)
        expect(rows.first(3)).toEqual(all.slice(0, 3))
      },
    ),
  )
})

test('keys lead to cells that there are', () => {
  const keys = fc.constantFrom('ArrowUp', 'ArrowDown', 'ArrowLeft', 'ArrowRight', 'PageUp', 'PageDown', 'Home', 'End')
  fc.assert(
    fc.property(keys, fc.boolean(), fc.nat(99), fc.nat(9), (key, ctrlKey, row, column) => {
      const place = cellAfter({ key, ctrlKey, metaKey: false }, { row, column }, { rows: 100, columns: 10, page: 15 })
      expect(place?.row).toBeGreaterThanOrEqual(0)
      expect(place?.row).toBeLessThan(100)
      expect(place?.column).toBeGreaterThanOrEqual(0)
      expect(place?.column).toBeLessThan(10)
    }),
  )
  const at = (key: string, ctrlKey: boolean): unknown =>
    cellAfter({ key, ctrlKey, metaKey: false }, { row: 50, column: 5 }, { rows: 100, columns: 10, page: 15 })
  expect(at('End', false)).toEqual({ row: 50, column: 9 })
  expect(at('End', true)).toEqual({ row: 99, column: 9 })
  expect(at('Home', true)).toEqual({ row: 0, column: 0 })
  expect(at('PageDown', false)).toEqual({ row: 65, column: 5 })
  expect(at('a', false)).toBeUndefined()
})

test('a pinned tile lies below all others, under an id of its own', () => {
  const tile = { title: 'By action', sql: 'select 1', chart: { type: 'table' as const } }
  const once = withTileBelow({ title: 'Mine', tiles: [] }, tile)
  const twice = withTileBelow(once, tile)

  expect(twice.tiles.map(({ id, at }) => [id, at.x, at.y])).toEqual([
    ['by-action', 0, 0],
    ['by-action-2', 0, 7],
  ])
})
