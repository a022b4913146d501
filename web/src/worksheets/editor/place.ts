import type { ApiError } from '../../api/connection.ts'
import type { Statement } from './statements.ts'

/** The word at a place that a failure points at: name, number, text in quotes, or one sign. */
const word = /[\p{L}\p{N}_$]+|"[^"\n]*"?|'[^'\n]*'?|\S/uy

/**
 * What to mark in a text for a failure of a part of it. The failure counts lines and columns from 1 in what was sent, which began at an
 * offset. Undefined where it names no place.
 */
export function markOf(sent: string, offset: number, { place }: Pick<ApiError, 'place'>): Statement | undefined {
  if (place === undefined) return undefined
  const lines = sent.split('\n')
  const before = lines.slice(0, place.line - 1).reduce((sum, line) => sum + line.length + 1, 0)
  const line = lines[place.line - 1]
  if (line === undefined) return lastSign(sent, offset)
  const at = before + Math.min(place.column - 1, line.length)
  word.lastIndex = at
  const found = word.exec(sent)
  // At the end of a line or between words: the last sign before is where something is missing.
  if (found === null) return lastSign(sent.slice(0, at), offset)
  return { from: offset + at, to: offset + word.lastIndex }
}

function lastSign(text: string, offset: number): Statement | undefined {
  const length = text.trimEnd().length
  return length === 0 ? undefined : { from: offset + length - 1, to: offset + length }
}
