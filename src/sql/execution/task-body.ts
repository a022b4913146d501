import type { Dialect } from '../dialects.ts'
import type { HeldStatement } from '../dml/transact.ts'
import { type ScriptStatement, readStatements } from '../script.ts'
import { shorten } from '../statement/reader.ts'
import { StatementError } from '../statement/statement-error.ts'

/** What a task runs. */
export type TaskBody =
  /** Statements that commit together, with what is kept of the run. */
  | { readonly form: 'transaction'; readonly statements: readonly HeldStatement[] }
  /** A statement that commits by itself; what it loads is known by load history, so that doing it again loads nothing twice. */
  | { readonly form: 'statement'; readonly text: string }

const allowed =
  'a task runs INSERT, UPDATE, DELETE, MERGE, TRUNCATE and SELECT, several of them between BEGIN and END, or one COPY INTO, CREATE TABLE AS, or ALTER PIPE REFRESH'

/** Reads the body of a task. Places in errors are those of the body's text. */
export function readTaskBody(text: string, dialect: Dialect): TaskBody {
  const parts = readBodyStatements(text, dialect)
  const [first, second] = parts
  if (first === undefined) throw new StatementError(start, 'there is no statement between BEGIN and END; write one')
  if (second === undefined && commitsItself(first)) return { form: 'statement', text: first.text }
  return { form: 'transaction', statements: parts.map(heldOf) }
}

const start = { offset: 0, line: 1, column: 1 }

/** The statements of a body, with their places in its text. BEGIN and COMMIT of a transaction within say what holds anyway. */
export function readBodyStatements(text: string, dialect: Dialect): ScriptStatement[] {
  const [, open = '', inner] = /^(BEGIN\b)([\s\S]*)\bEND\s*;?\s*$/i.exec(text) ?? []
  // Blanks keep every place as it is.
  const parts = readStatements(inner === undefined ? text : ' '.repeat(open.length) + inner, dialect)
  return parts.filter(({ statement, place }) => {
    if (statement.kind !== 'transaction') return true
    if (statement.action === 'rollback')
      throw new StatementError(place, 'a task cannot take its own transaction back; leave ROLLBACK out')
    return false
  })
}

function commitsItself({ statement }: ScriptStatement): boolean {
  if (statement.kind === 'write') return statement.write.kind === 'table-from-query'
  if (statement.kind === 'alter-pipe') return statement.change.action === 'refresh'
  return statement.kind === 'copy-into-table' || statement.kind === 'copy-into-stage'
}

function heldOf({ statement, text, place }: ScriptStatement): HeldStatement {
  if (statement.kind === 'write' && statement.write.kind !== 'table-from-query') return statement
  if (statement.kind === 'sql' && /^\s*(?:select|from|with|values|\()/i.test(text)) return { kind: 'sql', text }
  throw new StatementError(place, `"${shorten(text)}" is not run by tasks: ${allowed}`)
}
