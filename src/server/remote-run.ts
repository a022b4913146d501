import type { RunOptions, StatementResult, Value } from '../api.ts'
import { MillraceError } from '../errors.ts'
import { runLineShape } from './answers.ts'
import type { ServerConnection } from './connection.ts'
import { unpackRow } from './wire-rows.ts'

/** The results of a script that a server runs. Giving them up closes the request, and the server stops the script. */
export async function* runRemotely(
  server: ServerConnection,
  script: string,
  { signal, ...options }: RunOptions,
): AsyncGenerator<StatementResult, void> {
  const lines = await server.lines({
    method: 'POST',
    path: '/run',
    body: { script, ...options },
    signal,
    whenCancelled: 'The script was cancelled. What ran stays.',
  })
  for await (const value of lines) {
    const line = server.check(runLineShape, value)
    if ('error' in line) throw server.failure(line)
    if ('done' in line) return
    yield { ...line, rows: line.rows.map((values) => rowOf(line.columns, values)) }
  }
  throw new MillraceError(
    'SERVER_REFUSED',
    'The server ended the script without saying that it is done. Look with SHOW at what there is, and run the rest.',
  )
}

// The server's values are those of a query: JSON has no others.
function rowOf(columns: StatementResult['columns'], values: readonly unknown[]): Record<string, Value>
function rowOf(columns: StatementResult['columns'], values: readonly unknown[]): object {
  return unpackRow(columns, values)
}
