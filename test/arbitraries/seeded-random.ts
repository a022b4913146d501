/** The same numbers for the same seed. */
export interface SeededRandom {
  /** 0 … limit - 1. */
  below(limit: number): number
  /** True once in so many times. */
  oneIn(times: number): boolean
  pick<T extends {}>(values: readonly T[]): T
}

/** The generator mulberry32. */
export function seededRandom(seed: number): SeededRandom {
  let state = Math.imul(seed + 1, 0x9e3779b1)
  return {
    below,
    oneIn: (times) => below(times) === 0,
    pick,
  }

  function pick<T extends {}>(values: readonly T[]): T {
    const value = values[below(values.length)]
    if (value === undefined) throw new Error('nothing to pick from')
    return value
  }

  function below(limit: number): number {
    state = (state + 0x6d2b79f5) | 0
    const first = Math.imul(state ^ (state >>> 15), 1 | state)
    const second = (first + Math.imul(first ^ (first >>> 7), 61 | first)) ^ first
    return Math.floor((((second ^ (second >>> 14)) >>> 0) / 0x1_0000_0000) * limit)
  }
}
