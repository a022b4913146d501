import { parseJson } from '../../../../src/server/json.ts'
import { ApiError, failureIn, streamOf } from '../../api/connection.ts'
import { type AthenaBill, headShape, lineShape, type Question, type Result } from '../../api/query.ts'
import { readLines } from './read-lines.ts'
import { maxBytes, ResultRows } from './result-rows.ts'

/** What a result is besides its rows. */
export type ResultHead = Pick<Result, 'columns' | 'notices'>

/** A result while it comes. */
export interface Coming {
  readonly head: ResultHead
  readonly rows: ResultRows
}

/** Why a result is not whole. */
export type Cut = 'rows' | 'bytes' | undefined

/** The page is drawn, and keys are heard, at least this often while lines are read. */
const sliceMs = 12

function nextTask(): Promise<void> {
  return new Promise((resolve) => {
    setTimeout(resolve, 0)
  })
}

/** Asks a question and keeps the rows as they come; `onRows` is called when there are columns, and after each slice of work. */
export async function readResult(
  question: Question,
  signal: AbortSignal,
  onRows: (coming: Coming) => void,
): Promise<{ readonly coming: Coming; readonly cut: Cut; readonly bill?: AthenaBill | undefined }> {
  const body = await streamOf({ method: 'POST', path: '/query', body: question, signal })
  const decoder = new TextDecoder()
  const rows = new ResultRows()
  let coming: Coming | undefined
  let startedAt = performance.now()
  for await (const line of readLines(body)) {
    signal.throwIfAborted()
    const value = parseJson(decoder.decode(line))
    const failure = failureIn(value)
    if (failure !== undefined) throw failure
    if (coming === undefined) {
      coming = { head: headShape.parse(value), rows }
      onRows(coming)
      continue
    }
    const read = lineShape.parse(value)
    if ('done' in read) return { coming, cut: read.truncated ? 'rows' : undefined, bill: read.athena }
    const isFirst = rows.count === 0
    rows.add(line, read.rows.length)
    if (rows.bytes > maxBytes) return { coming, cut: 'bytes' }
    if (!isFirst && performance.now() - startedAt < sliceMs) continue
    onRows(coming)
    await nextTask()
    startedAt = performance.now()
  }
  throw new ApiError('INTERNAL', 'The answer ended early.')
}
