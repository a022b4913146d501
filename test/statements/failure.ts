import { expect } from 'vitest'
import { parseStatement } from '../../src/sql/script.ts'
import { StatementError } from '../../src/sql/statement/statement-error.ts'

/** The error that something ends with; anything else fails the test. */
export function failureOf(use: () => unknown): StatementError {
  try {
    use()
  } catch (error) {
    if (error instanceof StatementError) return error
    throw error
  }
  throw new Error('nothing failed')
}

/** The message that a statement is refused with, without its line, and the word at its place. */
export function refusalOf(text: string): readonly [message: string, at: string] {
  const { message, place } = failureOf(() => parseStatement(text))
  expect(message.startsWith(`line ${place.line}: `)).toBe(true)
  return [message.slice(`line ${place.line}: `.length), text.slice(place.offset).split(/[\s=]/)[0] ?? '']
}
