import { athenaReader, madeFirst } from '../deploy/athena-reader.ts'
import type { Dialect } from '../sql/dialects.ts'
import { type Scope, scopeStatement } from '../sql/scope.ts'
import { type Athena, athenaSql } from './athena.ts'
import type { Service } from './service.ts'

/** A statement as it was sent, and the records that it is to see. */
interface Question {
  readonly statement: string
  readonly dialect: Dialect
  readonly scope: Scope | undefined
}

/** The statement for Athena, narrowed as the lake's own are, and what the first line of the answer says of it. */
export async function athenaStatement(
  { athena, views, translate }: Pick<Service, 'views' | 'translate'> & { readonly athena: Athena },
  { statement, dialect, scope }: Question,
  signal: AbortSignal,
): Promise<{ readonly sql: string; readonly about: object }> {
  if (scope === undefined) return { sql: await athenaSql(statement, dialect), about: {} }
  // What is Athena's own stays as it was written.
  const isOwn = dialect === 'athena' || dialect === 'trino'
  const { sql: plain, notices } = await translate(statement, isOwn ? 'duckdb' : dialect)
  const printed = await athenaSql(plain, isOwn ? dialect : 'duckdb')
  const known = madeFirst(await views())
  const read = scope.from === undefined && scope.to === undefined ? [] : scopeStatement(printed, {}, known).views
  const reader = await athenaReader(read, (view) => athena.columnsOf(view, signal))
  const { sql, ...about } = scopeStatement(printed, scope, known, reader)
  return { sql, about: notices.length === 0 ? about : { ...about, notices } }
}
