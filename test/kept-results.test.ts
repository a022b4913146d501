import { describe, expect, test, vi } from 'vitest'
import { KeptResults } from '../src/server/kept-results.ts'
import { Turns } from '../src/server/turns.ts'

const limits = { maxBytes: 100, maxResultBytes: 60, maxRunning: 1 }
const still = new AbortController().signal

function opened(version = '1'): KeptResults {
  return new KeptResults(limits, { version: () => Promise.resolve(version), isLoading: () => false })
}

function result(size: number, isWhole = true): { bytes: Uint8Array; isWhole: boolean } {
  return { bytes: new Uint8Array(size), isWhole }
}

/** Asks for keys in turn; says which were made. */
async function made(kept: KeptResults, sizes: Readonly<Record<string, number>>, keys: string): Promise<string> {
  let calls = ''
  for (const key of keys)
    await kept.get(
      {
        key,
        isRefresh: false,
        make: () => {
          calls += key
          return Promise.resolve(result(sizes[key] ?? 10))
        },
      },
      still,
    )
  return calls
}

test('a result is made once, and what was not asked for longest goes first', async () => {
  const kept = opened()

  expect(await made(kept, { a: 40, b: 40, c: 40 }, 'aabbac')).toBe('abc')
  expect(await made(kept, {}, 'acb')).toBe('b')
})

test('a result that is too large, or ended early, is not kept', async () => {
  const kept = opened()

  expect(await made(kept, { a: 61 }, 'aa')).toBe('aa')
  await kept.get({ key: 'b', isRefresh: false, make: () => Promise.resolve(result(1, false)) }, still)
  expect(await made(kept, {}, 'b')).toBe('b')
})

test('who asks for what is being made waits for it; it is given up when nobody waits', async () => {
  const kept = opened()
  const [one, other] = [new AbortController(), new AbortController()]
  const began: AbortSignal[] = []
  const make = (given: AbortSignal): Promise<ReturnType<typeof result>> => {
    began.push(given)
    return new Promise((_, reject) => {
      given.addEventListener('abort', () => {
        reject(new Error('given up'))
      })
    })
  }
  const question = { key: 'a', isRefresh: false, make }
  const waiting = [kept.get(question, one.signal), kept.get(question, other.signal)].map((answer) =>
    answer.catch((error: unknown) => String(error)),
  )
  await vi.waitUntil(() => began.length > 0)
  one.abort()

  expect(began.map(({ aborted }) => aborted)).toEqual([false])
  other.abort()
  expect(await Promise.all(waiting)).toEqual(['Error: given up', 'Error: given up'])
  expect(await made(kept, {}, 'a')).toBe('a')
})

/** So many turns of the microtask queue. */
async function ticks(count: number): Promise<void> {
  for (let turn = 0; turn < count; turn++) await Promise.resolve()
}

test.each([false, true])(
  'who asks never waits for what was given up, whenever that was (others run: %s)',
  async (isBusy) => {
    /** Ends when told to, or a moment after it is given up. */
    const make = (given: AbortSignal, end: AbortSignal): Promise<ReturnType<typeof result>> =>
      new Promise((resolve, reject) => {
        const giveUp = async (): Promise<void> => {
          await ticks(8)
          reject(new Error('given up'))
        }
        if (given.aborted) void giveUp()
        given.addEventListener('abort', () => void giveUp())
        const finish = (): void => {
          resolve(result(1))
        }
        if (end.aborted) finish()
        end.addEventListener('abort', finish)
      })
    for (let before = 0; before < 24; before++)
      for (let after = 0; after < 24; after++) {
        const kept = opened()
        const [end, one] = [new AbortController(), new AbortController()]
        const ask = (key: string, signal: AbortSignal): Promise<unknown> =>
          kept.get({ key, isRefresh: false, make: (given) => make(given, end.signal) }, signal)
        const other = isBusy ? ask('other', still) : undefined
        await ticks(isBusy ? 24 : 0)
        const first = ask('a', one.signal).catch((error: unknown) => String(error))
        await ticks(before)
        one.abort()
        await ticks(after)
        const second = ask('a', still).catch((error: unknown) => String(error))
        await ticks(24)
        end.abort()

        expect([before, after, await second]).toEqual([before, after, result(1)])
        await Promise.all([other, first])
      }
  },
)

test('what has not begun serves all who ask meanwhile, and is as new as the last of them', async () => {
  let version = '1'
  const seen: string[] = []
  const kept = new KeptResults(limits, { version: () => Promise.resolve(version), isLoading: () => false })
  const gates = new Map<string, () => void>()
  const ask = (key: string): Promise<unknown> =>
    kept.get(
      {
        key,
        isRefresh: false,
        make: async () => {
          seen.push(`${key} of ${version}`)
          await new Promise<void>((resolve) => gates.set(key, resolve))
          return result(1)
        },
      },
      still,
    )
  const first = ask('a')
  await vi.waitUntil(() => gates.has('a'))
  const early = ask('b')
  await Promise.resolve()
  version = '2'
  const late = ask('b')
  await new Promise((resolve) => setImmediate(resolve))
  gates.get('a')?.()
  await vi.waitUntil(() => gates.has('b'))
  gates.get('b')?.()
  await Promise.all([first, early, late])

  expect(seen).toEqual(['a of 1', 'b of 2'])
})

describe('turns', () => {
  const order = async (
    turns: Turns,
    steps: readonly (readonly [name: string, isRefresh: boolean])[],
  ): Promise<string[]> => {
    const begun: string[] = []
    const entered = steps.map(([name, isRefresh]) => ({ name, turn: turns.enter(isRefresh) }))
    await Promise.all(
      entered.map(async ({ name, turn }) => {
        await turn.begun
        begun.push(name)
        await new Promise((resolve) => setImmediate(resolve))
        turn.end()
      }),
    )
    return begun
  }

  test('go in the order of asking, refreshes last', async () => {
    const turns = new Turns(1, () => false)

    expect(
      await order(turns, [
        ['a', false],
        ['r', true],
        ['b', false],
        ['s', true],
        ['c', false],
      ]),
    ).toEqual(['a', 'b', 'c', 'r', 's'])
  })

  test('one refresh runs at a time, beside others', () => {
    const turns = new Turns(3, () => false)
    const begun: string[] = []
    const enter = (name: string, isRefresh: boolean): void => {
      void turns.enter(isRefresh).begun.then(() => begun.push(name))
    }
    enter('r', true)
    enter('s', true)
    enter('a', false)

    return vi.waitUntil(() => begun.length === 2).then(() => expect(begun).toEqual(['r', 'a']))
  })

  test('a refresh rests six times its own length while logs are loaded, unless somebody waits for it', async () => {
    vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout', 'performance'] })
    try {
      const turns = new Turns(2, () => true)
      const first = turns.enter(true)
      await first.begun
      vi.advanceTimersByTime(100)
      first.end()
      let begun = 0
      const second = turns.enter(true)
      const third = turns.enter(true)
      for (const { begun: promise } of [second, third]) void promise.then(() => begun++)
      await vi.advanceTimersByTimeAsync(590)
      expect(begun).toBe(0)
      third.hasten()
      await vi.advanceTimersByTimeAsync(0)
      expect(begun).toBe(1)
      await vi.advanceTimersByTimeAsync(20)
      expect(begun).toBe(2)
    } finally {
      vi.useRealTimers()
    }
  })
})
