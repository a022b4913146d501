import type { ResultColumn } from '../api.ts'
import type { AthenaBill } from './athena.ts'
import { failureOf } from './failures.ts'
import { stringifyJson } from './json.ts'
import type { KeptResult } from './kept-results.ts'
import { packRow } from './wire-rows.ts'

const rowsPerLine = 500
/** A line of long values has fewer rows: who reads it takes it as a whole. */
const charactersPerLine = 1_000_000

/** Rows as they come, from the lake or from Athena. */
export interface ComingRows extends AsyncIterable<object> {
  readonly columns: readonly ResultColumn[]
  /** True once the rows have ended because of `maxRows`. */
  readonly truncated: boolean
  readonly athena?: AthenaBill
  readonly notices?: readonly string[]
}

/** The characters in a value, more or less. */
function lengthOf(value: unknown): number {
  if (typeof value === 'string') return value.length
  if (typeof value !== 'object' || value === null) return 8
  return Object.values(value).reduce<number>((sum, member) => sum + lengthOf(member), 0)
}

/** The columns and what is said of them, rows in batches, then `done` or `error`; `ended` is called when no more come. */
export async function* resultLines(
  result: ComingRows,
  about: { readonly notices?: readonly string[] },
  ended: () => void,
): AsyncGenerator<unknown, void> {
  let rows: unknown[] = []
  let characters = 0
  try {
    const notices = [...new Set([...(about.notices ?? []), ...(result.notices ?? [])])]
    yield { columns: result.columns, ...about, ...(notices.length === 0 ? {} : { notices }) }
    for await (const row of result) {
      const packed = packRow(result.columns, row)
      rows.push(packed)
      characters += lengthOf(packed)
      if (rows.length < rowsPerLine && characters < charactersPerLine) continue
      yield { rows }
      rows = []
      characters = 0
    }
    if (rows.length > 0) yield { rows }
    const { truncated, athena } = result
    yield { done: true, truncated, ...(athena === undefined ? {} : { athena }) }
  } catch (error) {
    yield { error: failureOf(error) }
  } finally {
    ended()
  }
}

/** All lines of a result as their bytes. */
export async function wholeResult(lines: AsyncIterable<unknown>): Promise<KeptResult> {
  const parts: Uint8Array[] = []
  let isWhole = false
  for await (const line of lines) {
    parts.push(Buffer.from(`${stringifyJson(line)}\n`))
    isWhole = typeof line === 'object' && line !== null && 'done' in line
  }
  return { bytes: Buffer.concat(parts), isWhole }
}
