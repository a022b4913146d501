/** Where something stands in what the user wrote: `offset` counts UTF-16 units from 0, lines and columns count from 1. */
export interface Place {
  readonly offset: number
  readonly line: number
  readonly column: number
}

/** Text to read. It can differ from what the user wrote, but it tells every place in those terms. */
export interface Source {
  readonly text: string
  readonly placeAt: (offset: number) => Place
}

/** Text as the user wrote it. */
export function sourceOf(text: string): Source {
  const lineStarts = startsOfLines(text)
  return {
    text,
    placeAt: (offset) => {
      const line = lastAtMost(lineStarts, offset)
      return { offset, line: line + 1, column: offset - (lineStarts[line] ?? 0) + 1 }
    },
  }
}

/** A part of a text that was replaced: from `start` to `end` in the original, by `text`. */
export interface Replacement {
  readonly start: number
  readonly end: number
  readonly text: string
}

/** A text with parts replaced, in their order. What came in by a replacement stands where the replaced part stood. */
export function replaceIn(original: Source, replacements: readonly Replacement[]): Source {
  // Each stretch begins at `from` in the new text; kept text stands at `start` and on, new text at `start` only.
  const stretches: { readonly from: number; readonly start: number; readonly isNew: boolean }[] = []
  const pieces: string[] = []
  let length = 0
  let copied = 0
  const add = (piece: string, start: number, isNew: boolean): void => {
    if (piece === '') return
    stretches.push({ from: length, start, isNew })
    pieces.push(piece)
    length += piece.length
  }
  for (const { start, end, text } of replacements) {
    add(original.text.slice(copied, start), copied, false)
    add(text, start, true)
    copied = end
  }
  add(original.text.slice(copied), copied, false)
  const froms = stretches.map(({ from }) => from)
  return {
    text: pieces.join(''),
    placeAt: (offset) => {
      if (offset >= length) return original.placeAt(original.text.length)
      const stretch = stretches[lastAtMost(froms, offset)]
      if (stretch === undefined) return original.placeAt(offset)
      return original.placeAt(stretch.isNew ? stretch.start : stretch.start + offset - stretch.from)
    },
  }
}

function startsOfLines(text: string): number[] {
  const starts = [0]
  for (let at = text.indexOf('\n'); at !== -1; at = text.indexOf('\n', at + 1)) starts.push(at + 1)
  return starts
}

/** The index of the last number that is at most `limit`; the numbers rise. */
function lastAtMost(numbers: readonly number[], limit: number): number {
  let low = 0
  let high = numbers.length - 1
  while (low < high) {
    const middle = (low + high + 1) >> 1
    if ((numbers[middle] ?? 0) <= limit) low = middle
    else high = middle - 1
  }
  return low
}
