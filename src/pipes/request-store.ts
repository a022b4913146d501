import type { DuckDBConnection } from '@duckdb/node-api'

/** An object that programs have asked a pipe for. */
export interface Requested {
  readonly uri: string
  /** When it was asked for last, as the engine writes it. */
  readonly at: string
}

/** Keeps what a request asks for. Part of the caller's transaction. */
export async function addRequested(
  connection: DuckDBConnection,
  pipe: string,
  requestId: string,
  uris: readonly string[],
): Promise<void> {
  await connection.run(
    `insert into lake.requested_objects
     select $1::varchar, $2::varchar, unnest(from_json($3::varchar::json, '["varchar"]')), current_localtimestamp()`,
    [pipe, requestId, JSON.stringify(uris)],
  )
}

/** The objects that a pipe was asked for first, each once. */
export async function readRequested(connection: DuckDBConnection, pipe: string, most: number): Promise<Requested[]> {
  const reader = await connection.runAndReadAll(
    `select uri, max(requested_at)::varchar from lake.requested_objects where pipe = $1::varchar
     group by uri order by min(requested_at), uri limit $2::integer`,
    [pipe, most],
  )
  return reader.getRows().map(([uri, at]) => ({ uri: String(uri), at: String(at) }))
}

/** Forgets what was asked for up to then: what was asked for again since stays. */
export async function removeRequested(
  connection: DuckDBConnection,
  pipe: string,
  requested: readonly Requested[],
): Promise<void> {
  await connection.run(
    `delete from lake.requested_objects r using (
       select unnest(from_json($2::varchar::json, '[{"uri": "varchar", "at": "timestamp"}]'), recursive := true)
     ) done
     where r.pipe = $1::varchar and r.uri = done.uri and r.requested_at <= done.at`,
    [pipe, JSON.stringify(requested)],
  )
}
