import type { Dialect } from '../dialects.ts'
import { failed } from '../execution/failure.ts'
import { parseStatement, splitScript } from '../script.ts'
import { shorten } from '../statement/reader.ts'
import type { HeldStatement } from './transact.ts'

const controls = /^\s*(?:if|for|while|loop|repeat|let|return|declare|call|raise|open|close|exception|execute)\b/i

/**
 * The statements of a task's body, for `runStatements`: one, or those between BEGIN and END. Refuses what a transaction cannot hold, and what of Snowflake Scripting
 * is more than a list of statements.
 * @public
 */
export function heldStatementsOf(body: string, dialect: Dialect): HeldStatement[] {
  const [, block] = /^\s*begin\b(?!\s*(?:;|transaction\b|work\b|name\b))([\s\S]*?)\bend\s*;?\s*$/i.exec(body) ?? []
  return splitScript(block ?? body, { dialect }).map(({ text }) => {
    const statement = parseStatement(text, { dialect })
    if (statement.kind === 'write' && statement.write.kind !== 'table-from-query') return statement
    if (statement.kind === 'sql' && !controls.test(text)) return { kind: 'sql', text }
    throw failed(
      `"${shorten(text)}" is not run in a task: its body selects, or writes rows, by one statement or several between BEGIN and END; take it out`,
    )
  })
}
