import type { DuckDBConnection } from '@duckdb/node-api'
import { hash, randomBytes, timingSafeEqual } from 'node:crypto'

/** Makes the key that opens a pipe's address, in place of the one before. It is kept as a hash alone. Part of the caller's transaction. */
export async function renewAccessKey(connection: DuckDBConnection, pipe: string): Promise<string> {
  const key = randomBytes(32).toString('base64url')
  await connection.run('delete from lake.access_keys where pipe = $1::varchar', [pipe])
  await connection.run('insert into lake.access_keys values ($1::varchar, $2::varchar, current_localtimestamp())', [
    pipe,
    hash('sha256', key, 'hex'),
  ])
  return key
}

/** Whether a key opens a pipe's address. It takes as long for one that does not, and for a pipe that is not there. */
export async function isAccessKey(connection: DuckDBConnection, pipe: string, key: string): Promise<boolean> {
  const reader = await connection.runAndReadAll('select key_hash from lake.access_keys where pipe = $1::varchar', [
    pipe,
  ])
  const kept = reader.getRows()[0]?.[0]
  const expected = typeof kept === 'string' ? Buffer.from(kept, 'hex') : Buffer.alloc(32)
  return timingSafeEqual(hash('sha256', key, 'buffer'), expected) && typeof kept === 'string'
}

/** Pipes whose addresses a key opens. */
export async function pipesWithKeys(connection: DuckDBConnection): Promise<ReadonlySet<string>> {
  const reader = await connection.runAndReadAll('select pipe from lake.access_keys')
  return new Set(reader.getRows().map(([pipe]) => String(pipe)))
}
