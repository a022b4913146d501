/** Letters of Java's DateTimeFormatter that a projection's format can have, with the pattern of what they stand for. */
const letters: Readonly<Record<string, string>> = {
  yyyy: String.raw`\d{4}`,
  MM: String.raw`\d{2}`,
  dd: String.raw`\d{2}`,
  HH: String.raw`\d{2}`,
  mm: String.raw`\d{2}`,
  ss: String.raw`\d{2}`,
}

const parts = /([A-Za-z])\1*|'((?:[^']|'')*)'|[^A-Za-z']+/g

/** How dates are written in the names of partitions: years to seconds, in UTC. */
export interface DateFormat {
  /** The source of a pattern that such texts match. */
  readonly pattern: string
  /** The smallest unit that it tells, as the number of its place among year, month, day, hour, minute, second. */
  readonly precision: number
  /** Epoch milliseconds; undefined where the text is no such date. */
  readonly read: (text: string) => number | undefined
  readonly write: (ms: number) => string
}

const order = ['yyyy', 'MM', 'dd', 'HH', 'mm', 'ss']

/** Reads a format such as `yyyy/MM/dd`; undefined where it has more than is known here. */
export function dateFormat(format: string): DateFormat | undefined {
  const pieces: { readonly letter?: string; readonly text: string }[] = []
  for (const [piece, letter, quoted] of format.matchAll(parts)) {
    if (letter === undefined) pieces.push({ text: quoted?.replaceAll("''", "'") ?? piece })
    else if (letters[piece] === undefined) return undefined
    else pieces.push({ letter: piece, text: piece })
  }
  const used = pieces.flatMap(({ letter }) => letter ?? [])
  if (!used.includes('yyyy') || new Set(used).size < used.length) return undefined
  const source = pieces.map(({ letter, text }) => (letter === undefined ? escaped(text) : `(${letters[letter] ?? ''})`))
  const whole = new RegExp(`^${source.join('')}$`)
  const fields = (ms: number): Readonly<Record<string, string>> => {
    const [yyyy = '', MM = '', dd = '', HH = '', mm = '', ss = ''] = new Date(ms).toISOString().split(/[-T:.]/)
    return { yyyy, MM, dd, HH, mm, ss }
  }
  const write = (ms: number): string => {
    const now = fields(ms)
    return pieces.map(({ letter, text }) => (letter === undefined ? text : (now[letter] ?? ''))).join('')
  }
  return {
    pattern: pieces
      .map(({ letter, text }) => (letter === undefined ? escaped(text) : (letters[letter] ?? '')))
      .join(''),
    precision: Math.max(...used.map((letter) => order.indexOf(letter))),
    write,
    read: (text) => {
      const found = whole.exec(text)
      if (found === null) return undefined
      const at = (letter: string, other: number): number =>
        used.includes(letter) ? Number(found[used.indexOf(letter) + 1]) : other
      const ms = Date.UTC(at('yyyy', 1970), at('MM', 1) - 1, at('dd', 1), at('HH', 0), at('mm', 0), at('ss', 0))
      // 31 February is no date, though it can be counted.
      return write(ms) === text ? ms : undefined
    },
  }
}

/** A text as the source of a pattern that matches it alone. */
export function escaped(text: string): string {
  return text.replaceAll(/[$()*+.?[\\\]^{|}/-]/g, String.raw`\$&`)
}
