import { createReadStream, existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, expect, test } from 'vitest'
import { fetchObjects, type Wanted } from '../../src/loading/fetch.ts'
import { readPart } from '../../src/loading/file-bytes.ts'
import type { FetchObject } from '../../src/stages/stage.ts'

const root = mkdtempSync(join(tmpdir(), 'millrace-fetch-'))

afterAll(() => {
  rmSync(root, { recursive: true })
})

function wanted(fileId: number, path: string, size: number): Wanted {
  const object = { uri: path, version: '1', size, modifiedMs: 0, accountId: undefined, region: undefined, dateMs: 0 }
  return { fileId, object }
}

/** Small objects come in one piece, large ones as a stream; `/gone` is none. */
const fetch: FetchObject = ({ uri, size }) => {
  if (uri === '/gone') return Promise.reject(new Error('nobody answers'))
  return Promise.resolve(size <= 1 << 20 ? readFileSync(uri) : createReadStream(uri))
}

test('small objects share a file, large ones have their own, and each keeps its bytes', async () => {
  const spool = mkdtempSync(join(root, 'spool-'))
  const objects = Array.from({ length: 60 }, (_, index) => {
    const path = join(root, `object-${index}`)
    const bytes = Buffer.alloc(index === 7 || index === 30 ? (3 << 20) + index : index * 37, index)
    writeFileSync(path, bytes)
    return { bytes, ...wanted(100 + index, path, bytes.length) }
  })
  const fetched = await fetchObjects(fetch, objects, spool, { signal: undefined })

  expect(fetched.faults.size).toBe(0)
  for (const { fileId, bytes } of objects) {
    const source = fetched.sources.get(fileId)
    expect(source?.size).toBe(bytes.length)
    expect(readPart(source?.path ?? '', source?.offset ?? 0, source?.size ?? 0).equals(bytes)).toBe(true)
  }
  expect(readdirSync(spool)).toHaveLength(3)
  fetched.drop()
  expect(readdirSync(spool)).toEqual([])
})

test('what cannot be had, and what is not as it was listed, is a fault of that object alone', async () => {
  const spool = mkdtempSync(join(root, 'spool-'))
  const small = join(root, 'small')
  const large = join(root, 'large')
  writeFileSync(small, 'x'.repeat(1000))
  writeFileSync(large, Buffer.alloc(2 << 20))
  const objects = [
    wanted(1, small, 1000),
    wanted(2, '/gone', 10),
    wanted(3, small, 1001),
    wanted(4, small, 999),
    wanted(5, large, (2 << 20) + 1),
  ]
  const fetched = await fetchObjects(fetch, objects, spool, { signal: undefined })

  expect([...fetched.sources.keys()]).toEqual([1])
  expect([...fetched.faults].map(([fileId, { code }]) => `${fileId} ${code}`).toSorted()).toEqual([
    '2 FILE_UNREADABLE',
    '3 FILE_TRUNCATED',
    '4 FILE_CHANGED',
    '5 FILE_TRUNCATED',
  ])
  for (const [, { message }] of fetched.faults) expect(message).toMatch(/small|large|gone/)
  fetched.drop()
  expect(readdirSync(spool)).toEqual([])
  expect(existsSync(small)).toBe(true)
})
