import { printLiteral } from './literal.ts'
import { type ObjectName, nameOfText, printName } from './name.ts'
import { type Reader, shorten } from './reader.ts'
import type { StatementError } from './statement-error.ts'

/** Objects of a stage: all, or those whose path beneath the stage begins with `path`. */
export interface StageLocation {
  readonly stage: ObjectName
  /** What stands behind the slash after the stage's name; empty for the whole stage. */
  readonly path: string
}

/** True where a stage comes next, `@stage/path` or the same in quotes. */
export function isStageLocation(reader: Reader): boolean {
  const token = reader.peek()
  return (
    token?.kind === 'stage' || reader.isSymbol('@') || (token?.kind === 'string' && /^(@|\w+:\/\/)/.test(token.text))
  )
}

/** Reads `@db.schema.stage/path`, in quotes where the path has blanks or brackets. */
export function readStageLocation(reader: Reader): StageLocation {
  const token = reader.peek()
  const fail = (message: string): StatementError => reader.error(token, `${reader.subject} ${message}`)
  if (token?.kind === 'string' && /^\w+:\/\//.test(token.text))
    throw fail(`reads and writes stages: make one with URL = '…' (CREATE STAGE) and name it as @stage/path`)
  if (token?.kind !== 'stage' && !(token?.kind === 'string' && token.text.startsWith('@')))
    throw reader.unexpected('a stage such as @stage/path')
  reader.next('a stage')
  const found = /^@((?:[^"/]|"[^"]*")*)(?:\/([\s\S]*))?$/.exec(token.text)
  const [, stage = '', path = ''] = found ?? []
  if (stage.startsWith('~'))
    throw fail('takes no user stage @~: Millrace has none; make a stage with CREATE STAGE and name that')
  if (/(^|\.)%/.test(stage))
    throw fail(
      `takes no table stage @${shorten(stage)}: Millrace has none; make a stage with CREATE STAGE and name that`,
    )
  return { stage: nameOfText(stage, fail), path }
}

/** Paths that are read back as they are without quotes. */
const plainPath = /^(?![*/])[^\s;,()'"\\]*$/

export function printStageLocation({ stage, path }: StageLocation): string {
  const location = `@${printName(stage)}${path === '' ? '' : `/${path}`}`
  return plainPath.test(path) ? location : printLiteral(location)
}
