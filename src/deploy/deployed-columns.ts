import type { GlueClient } from '@aws-sdk/client-glue'
import { MillraceError, messageOf } from '../errors.ts'

/** The columns of a view on Athena, by the Glue catalog; none where there is no such view, which Athena says better. */
export async function deployedColumns(
  glue: GlueClient,
  { database, view, signal }: { readonly database: string; readonly view: string; readonly signal: AbortSignal },
): Promise<ReadonlySet<string>> {
  const { GetTableCommand } = await import('@aws-sdk/client-glue')
  const answer = await glue
    .send(new GetTableCommand({ DatabaseName: database, Name: view }), { abortSignal: signal })
    .catch((error: unknown) => {
      if (error instanceof Error && error.name === 'EntityNotFoundException') return undefined
      throw new MillraceError(
        'SOURCE_UNAVAILABLE',
        `The columns of ${database}.${view} cannot be read from the Glue catalog: ${messageOf(error)}. Allow glue:GetTable, as queries on Athena need it.`,
        error,
      )
    })
  const columns = answer?.Table?.StorageDescriptor?.Columns ?? []
  // A column of another type is not one that `deploy athena` has made.
  return new Set(
    columns.flatMap(({ Name, Type = '' }) => (Name !== undefined && /^(string|varchar)/i.test(Type) ? [Name] : [])),
  )
}
