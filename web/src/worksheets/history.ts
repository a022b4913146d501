import { z } from 'zod'
import { dialects } from '../../../src/sql/dialects.ts'
import { queryEngines } from '../../../src/sql/engines.ts'

const askedShape = z.union([
  z.object({ sql: z.string(), dialect: z.enum(dialects), engine: z.enum(queryEngines).optional() }),
  z.object({ query: z.string(), parameters: z.record(z.string(), z.string()) }),
])

const entryShape = z.object({
  asked: askedShape,
  /** When it was run, in milliseconds. */
  at: z.number(),
  /** How long it took. */
  ms: z.number(),
  rows: z.number().optional(),
  /** Why it gave no rows, or not all. */
  error: z.string().optional(),
})

/** What was run: a statement, or a named query with its parameters. */
export type Asked = z.output<typeof askedShape>

/** One run in the history. */
export type HistoryEntry = z.output<typeof entryShape>

export const maxEntries = 200
export const maxLength = 500_000
const maxError = 300

/** Reads a kept history; what is no entry is left out. */
export function readHistory(text: string | null): HistoryEntry[] {
  if (text === null) return []
  try {
    const value: unknown = JSON.parse(text)
    return (Array.isArray(value) ? value : []).flatMap((entry) => {
      const read = entryShape.safeParse(entry)
      return read.success ? [read.data] : []
    })
  } catch {
    return []
  }
}

/** The text of a history, newest first, as much of it as may be kept. */
export function writeHistory(entries: readonly HistoryEntry[]): string {
  const texts: string[] = []
  let length = 2
  for (const entry of entries) {
    const text = JSON.stringify(entry)
    if (texts.length === maxEntries || length + text.length + 1 > maxLength) break
    texts.push(text)
    length += text.length + 1
  }
  return `[${texts.join(',')}]`
}

/** The history with one more run. A statement too long to be kept is left out, not what was there before. */
export function remember(entries: readonly HistoryEntry[], entry: HistoryEntry): HistoryEntry[] {
  const { error, ...rest } = entry
  const kept = error === undefined ? rest : { ...rest, error: error.slice(0, maxError) }
  return readHistory(writeHistory(JSON.stringify(kept).length > maxLength / 2 ? entries : [kept, ...entries]))
}
