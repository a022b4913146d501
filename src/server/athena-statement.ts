import { athenaReader } from '../deploy/athena-reader.ts'
import { MillraceError } from '../errors.ts'
import type { Dialect } from '../sql/dialects.ts'
import { type Scope, scopeStatement } from '../sql/scope.ts'
import { type Athena, readingAthenaSql } from './athena.ts'
import type { Service } from './service.ts'

/** A statement as it was sent, and the records that it is to see. */
interface Question {
  readonly statement: string
  readonly dialect: Dialect
  readonly scope: Scope | undefined
}

const recursive = /^(?:\s|--[^\n]*\n|\/\*[\s\S]*?\*\/)*with\s+recursive\b/i

/** The statement for Athena, narrowed as the lake's own are, and what the first line of the answer says of it. */
export async function athenaStatement(
  { athena, views, translate }: Pick<Service, 'views' | 'translate'> & { readonly athena: Athena },
  { statement, dialect, scope }: Question,
  signal: AbortSignal,
): Promise<{ readonly sql: string; readonly about: object }> {
  if (scope === undefined) return { sql: await readingAthenaSql(statement, dialect), about: {} }
  // What is Athena's own stays as it was written.
  const isOwn = dialect === 'athena' || dialect === 'trino'
  const { sql: plain, notices } = await translate(statement, isOwn ? 'duckdb' : dialect)
  const printed = await readingAthenaSql(plain, isOwn ? dialect : 'duckdb')
  const known = await views()
  const read = scope.from === undefined && scope.to === undefined ? [] : scopeStatement(printed, {}, known).views
  const reader = await athenaReader(read, {
    database: athena.database,
    columnsOf: (view) => athena.columnsOf(view, signal),
  })
  const { sql, ...about } = scopeStatement(printed, scope, known, reader)
  if (sql !== printed && recursive.test(printed))
    throw new MillraceError(
      'SQL_REFUSED',
      'A statement that begins with WITH RECURSIVE is not narrowed on Athena, where each name in it has to list its columns. Write the range into it, and run it as a worksheet.',
    )
  return { sql, about: notices.length === 0 ? about : { ...about, notices } }
}
