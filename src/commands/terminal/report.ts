import { CommanderError } from 'commander'
import { MillraceError, messageOf } from '../../errors.ts'
import { visible } from '../../server/visible.ts'
import { note } from './notes.ts'
import { outputClosed } from './stdout.ts'

function stackOf(error: unknown): string {
  if (!(error instanceof Error)) return String(error)
  const stack = error.stack ?? error.message
  return error.cause === undefined ? stack : `${stack}\nCaused by: ${stackOf(error.cause)}`
}

/** The message on one line; of a statement its place instead of its text. */
function sentenceOf(error: unknown): string {
  const [said = '', shown] = messageOf(error).split('\n\nLINE ')
  const place = error instanceof MillraceError ? error.place : undefined
  if (shown === undefined || place === undefined) return messageOf(error)
  return `${said.replaceAll('\n', ' ')} (line ${place.line}, column ${place.column})`
}

/** Says on standard error what went wrong, and returns the exit code: 1 failed while running, 2 wrong usage or configuration. */
export function report(error: unknown, isVerbose: boolean): number {
  if (outputClosed.aborted) return 0
  // Commander has said it already. Its code 0 is for --help and --version.
  if (error instanceof CommanderError) return error.exitCode === 0 ? 0 : 2
  note(`millrace: ${sentenceOf(error)}`)
  if (isVerbose) process.stderr.write(`${stackOf(error).split('\n').map(visible).join('\n')}\n`)
  return error instanceof MillraceError ? error.exitCode : 1
}
