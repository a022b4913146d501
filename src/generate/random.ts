const scratch = Buffer.alloc(256)

/** A seeded source of numbers (sfc32). One seed, purpose and index give the same numbers on every platform. */
export class Random {
  private a: number
  private b: number
  private c: number
  private d: number

  constructor(seed: number, purpose: string, index = 0) {
    this.a = seed | 0
    this.b = Math.floor(seed / 4294967296) | 0
    this.c = hashText(purpose)
    this.d = index | 0
    for (let round = 0; round < 20; round++) this.next()
  }

  /** An integer from 0 to 2^32 - 1. */
  next(): number {
    const sum = (((this.a + this.b) | 0) + this.d) | 0
    this.d = (this.d + 1) | 0
    this.a = this.b ^ (this.b >>> 9)
    this.b = (this.c + (this.c << 3)) | 0
    this.c = (((this.c << 21) | (this.c >>> 11)) + sum) | 0
    return sum >>> 0
  }

  /** An integer from 0 to limit - 1. */
  below(limit: number): number {
    return Math.floor((this.next() * limit) / 4294967296)
  }

  /** An integer from low to high, both included. */
  between(low: number, high: number): number {
    return low + this.below(high - low + 1)
  }

  /** True with the given probability, 0 to 1. */
  chance(probability: number): boolean {
    return this.next() < probability * 4294967296
  }

  /** Zero in half of the cases, one in a quarter, and so on: the exponent of a heavy tail. */
  halvings(most: number): number {
    return Math.min(Math.clz32(this.next()), most)
  }

  /** One of the items, each as likely as the others. */
  pick<T>(items: readonly T[]): T {
    return itemAt(items, this.below(items.length))
  }

  /** Text of the given length in the characters of an alphabet, which are ASCII. */
  chars(alphabet: string, length: number): string {
    const bytes = length <= scratch.length ? scratch : Buffer.alloc(length)
    for (let index = 0; index < length; index++) bytes[index] = alphabet.charCodeAt(this.below(alphabet.length))
    return bytes.toString('latin1', 0, length)
  }

  /** Lower-case hexadecimal text. */
  hex(length: number): string {
    return this.chars('0123456789abcdef', length)
  }

  /** The items in random order. */
  shuffle<T>(items: readonly T[]): T[] {
    const keyed = items.map((item) => ({ item, key: this.next() }))
    return keyed.toSorted((left, right) => left.key - right.key).map(({ item }) => item)
  }
}

/** The item at an index that is known to be inside the list. */
export function itemAt<T>(items: readonly T[], index: number): T {
  const item = items[index]
  if (item === undefined) throw new RangeError(`There is no item ${index} in a list of ${items.length}.`)
  return item
}

/** Draws an index in constant time, as often as its weight says (Vose's alias method). */
export class WeightedDraw {
  private readonly threshold: Float64Array
  private readonly other: Uint32Array

  constructor(weights: readonly number[]) {
    const count = weights.length
    const total = weights.reduce((sum, weight) => sum + weight, 0)
    const scaled = weights.map((weight) => (weight * count) / total)
    this.threshold = new Float64Array(count).fill(1)
    this.other = new Uint32Array(count)
    const small: number[] = []
    const large: number[] = []
    scaled.forEach((weight, index) => (weight < 1 ? small : large).push(index))
    for (;;) {
      const low = small.pop()
      const high = large.pop()
      if (low === undefined || high === undefined) return
      const weight = scaled[low] ?? 1
      this.threshold[low] = weight
      this.other[low] = high
      const rest = (scaled[high] ?? 1) + weight - 1
      scaled[high] = rest
      ;(rest < 1 ? small : large).push(high)
    }
  }

  draw(random: Random): number {
    const index = random.below(this.threshold.length)
    return random.next() < (this.threshold[index] ?? 1) * 4294967296 ? index : (this.other[index] ?? 0)
  }
}

/** Items of which the first come up most often: the item of rank r has weight 1 / (r + offset). */
export class RankedItems<T> {
  readonly items: readonly T[]
  private readonly weights: WeightedDraw

  constructor(items: readonly T[], offset = 2) {
    this.items = items
    this.weights = new WeightedDraw(items.map((_, rank) => 1 / (rank + offset)))
  }

  draw(random: Random): T {
    return itemAt(this.items, this.weights.draw(random))
  }
}

function hashText(text: string): number {
  let hash = 0x811c9dc5
  for (let index = 0; index < text.length; index++) hash = Math.imul(hash ^ text.charCodeAt(index), 0x01000193)
  return hash
}
