import { MillraceError } from '../../errors.ts'
import type { Dialect } from '../dialects.ts'
import type { ScriptStatement } from '../script.ts'
import { shorten } from '../statement/reader.ts'

/** Statements of a script that are one transaction, from BEGIN to COMMIT or ROLLBACK; or one that is its own. */
export type Block<S extends ScriptStatement> =
  | { readonly form: 'statement'; readonly statement: S }
  | { readonly form: 'transaction'; readonly begin: S; readonly held: readonly S[]; readonly end: S }

/** Parts the statements of a script, whose transactions `checkTransactions` has looked at. */
export function blocksOf<S extends ScriptStatement>(statements: readonly S[]): Block<S>[] {
  const blocks: Block<S>[] = []
  let open: { readonly begin: S; readonly held: S[] } | undefined
  for (const part of statements) {
    const { statement } = part
    if (statement.kind !== 'transaction') {
      if (open === undefined) blocks.push({ form: 'statement', statement: part })
      else open.held.push(part)
    } else if (statement.action === 'begin') open = { begin: part, held: [] }
    else if (open !== undefined) {
      blocks.push({ form: 'transaction', ...open, end: part })
      open = undefined
    }
  }
  return blocks
}

/** Refuses transactions that do not begin or end, and what one cannot hold. */
export function checkTransactions(parts: readonly ScriptStatement[], dialect: Dialect): void {
  let open: ScriptStatement | undefined
  for (const part of parts) {
    const { statement } = part
    if (statement.kind === 'transaction') {
      if (statement.action === 'begin') {
        if (open !== undefined) throw refused(part, 'a transaction is open already; COMMIT or ROLLBACK comes first')
        open = part
      } else {
        if (open === undefined) throw refused(part, 'no transaction is open; write BEGIN before what it shall hold')
        open = undefined
      }
    } else if (open !== undefined && !canBeHeld(part, dialect))
      throw refused(
        part,
        'a transaction holds statements that select, or write rows, and Snowflake would commit before any other; put it before BEGIN or behind COMMIT',
      )
  }
  if (open !== undefined)
    throw refused(open, 'the transaction has no end, and would be taken back; write COMMIT behind its last statement')
}

function canBeHeld({ statement, text }: ScriptStatement, dialect: Dialect): boolean {
  if (statement.kind === 'write') return statement.write.kind !== 'table-from-query'
  return statement.kind === 'sql' && (dialect !== 'duckdb' || /^\s*(?:select|from|with|values|\()/i.test(text))
}

function refused({ text, place }: ScriptStatement, why: string): MillraceError {
  return new MillraceError(
    'STATEMENT_UNSUPPORTED',
    `line ${place.line}: "${shorten(text)}" is not run: ${why}. Nothing of the script has run.`,
    undefined,
    place,
  )
}
