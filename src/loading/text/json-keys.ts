/** Bytes of a key that can be a field's. */
const MAX_KEY = 256

/** A key that records have. */
export interface KnownKey {
  readonly name: string
  /** As it stands in the text, between its quotes. */
  readonly raw: Buffer
  /** The last member of the record in hand that has it. */
  member: number
  record: number
}

/** Finds keys without making a string for each: those of a record mostly come in the order of the record before. */
export class JsonKeys<K> {
  private readonly make: (name: string) => K
  private readonly limit: number
  private readonly byName = new Map<string, KnownKey & K>()
  private readonly order: ((KnownKey & K) | undefined)[] = []

  /** `make` says what is kept of a new key; further keys than `limit`, and very long ones, are not known. */
  constructor(limit: number, make: (name: string) => K) {
    this.make = make
    this.limit = limit
  }

  /** The key of the record's member `index`; its text as it stands is between `start` and `end`. */
  find(bytes: Buffer, start: number, end: number, isEscaped: boolean, index: number): (KnownKey & K) | undefined {
    const expected = this.order[index]
    if (expected !== undefined && isSame(expected.raw, bytes, start, end)) return expected
    if (end - start > MAX_KEY) return undefined
    const name = keyText(bytes, start, end, isEscaped)
    const known = this.byName.get(name) ?? this.add(name, Buffer.from(bytes.subarray(start, end)))
    // A key that is written in two ways is looked up each time.
    if (known !== undefined && isSame(known.raw, bytes, start, end)) this.order[index] = known
    return known
  }

  private add(name: string, raw: Buffer): (KnownKey & K) | undefined {
    if (this.byName.size >= this.limit) return undefined
    const key = { name, raw, member: -1, record: -1, ...this.make(name) }
    this.byName.set(name, key)
    return key
  }
}

/** A key's text. */
export function keyText(bytes: Buffer, start: number, end: number, isEscaped: boolean): string {
  return isEscaped ? unescaped(bytes, start, end) : bytes.toString('utf8', start, end)
}

/** The text between quotes, its escapes read. */
export function unescaped(bytes: Buffer, start: number, end: number): string {
  const text: unknown = JSON.parse(`"${bytes.toString('utf8', start, end)}"`)
  return String(text)
}

function isSame(raw: Buffer, bytes: Buffer, start: number, end: number): boolean {
  const { length } = raw
  if (length !== end - start) return false
  for (let at = 0; at < length; at++) if (raw[at] !== bytes[start + at]) return false
  return true
}
