import { expect, test } from 'vitest'
import { KeptResults } from '../src/server/kept-results.ts'

const limits = { maxBytes: 100, maxResultBytes: 60, maxRunning: 1 }
const still = new AbortController().signal

function result(size: number, isWhole = true): { bytes: Uint8Array; isWhole: boolean } {
  return { bytes: new Uint8Array(size), isWhole }
}

/** Asks for keys in turn; says which were made. */
async function made(kept: KeptResults, sizes: Readonly<Record<string, number>>, keys: string): Promise<string> {
  let calls = ''
  for (const key of keys)
    await kept.get(key, still, () => {
      calls += key
      return Promise.resolve(result(sizes[key] ?? 10))
    })
  return calls
}

test('a result is made once, and what was not asked for longest goes first', async () => {
  const kept = new KeptResults(limits)

  expect(await made(kept, { a: 40, b: 40, c: 40 }, 'aabbac')).toBe('abc')
  expect(await made(kept, {}, 'acb')).toBe('b')
})

test('a result that is too large, or ended early, is not kept', async () => {
  const kept = new KeptResults(limits)

  expect(await made(kept, { a: 61 }, 'aa')).toBe('aa')
  await kept.get('b', still, () => Promise.resolve(result(1, false)))
  expect(await made(kept, {}, 'b')).toBe('b')
})

test('who asks for what is being made waits for it; it is given up when nobody waits', async () => {
  const kept = new KeptResults(limits)
  const [one, other] = [new AbortController(), new AbortController()]
  let signal: AbortSignal | undefined
  const make = (given: AbortSignal): Promise<ReturnType<typeof result>> => {
    signal = given
    return new Promise((_, reject) => {
      given.addEventListener('abort', () => {
        reject(new Error('given up'))
      })
    })
  }
  const waiting = [kept.get('a', one.signal, make), kept.get('a', other.signal, make)].map((answer) =>
    answer.catch((error: unknown) => String(error)),
  )
  one.abort()

  expect(signal?.aborted).toBe(false)
  other.abort()
  expect(await Promise.all(waiting)).toEqual(['Error: given up', 'Error: given up'])
  expect(await made(kept, {}, 'a')).toBe('a')
})
