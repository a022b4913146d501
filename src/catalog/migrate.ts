import type { DuckDBConnection } from '@duckdb/node-api'
import { readFileSync, readdirSync } from 'node:fs'
import { literal } from '../engines/duckdb.ts'
import { MillraceError } from '../errors.ts'
import { addRowIds, prepareForStreams } from './user-tables.ts'
import { programFolder } from '../program.ts'

type Work = (connection: DuckDBConnection) => Promise<void>

/** What a migration does before its transaction, and within it behind its SQL. */
const beforehand: ReadonlyMap<number, Work> = new Map([[6, addRowIds]])
const afterwards: ReadonlyMap<number, Work> = new Map([[6, prepareForStreams]])

const folder = new URL('catalog/migrations/', programFolder)

interface Migration {
  readonly number: number
  readonly name: string
}

/** The migrations there are, in order: files `0001-name.sql` beside this one. A migration that has been released never changes. */
function listMigrations(): readonly Migration[] {
  return readdirSync(folder)
    .filter((file) => file.endsWith('.sql'))
    .toSorted()
    .map((file) => ({ number: Number(file.slice(0, 4)), name: file.slice(5, -4) }))
}

/** Brings the catalog up to date, one transaction a migration; refuses a lake of a newer Millrace. */
export async function migrate(connection: DuckDBConnection): Promise<void> {
  await connection.run(
    'create table if not exists main.migrations (number integer primary key, name varchar not null, applied_at timestamp not null default current_localtimestamp())',
  )
  const reader = await connection.runAndReadAll('select coalesce(max(number), 0) from main.migrations')
  const applied = Number(reader.getRows()[0]?.[0] ?? 0)
  const migrations = listMigrations()
  const newest = migrations.at(-1)?.number ?? 0
  if (applied > newest) {
    throw new MillraceError(
      'LAKE_NEWER',
      `This lake is at catalog version ${applied}, and this Millrace knows ${newest}. Install the version that wrote it, or newer.`,
    )
  }
  for (const { number, name } of migrations.filter((migration) => migration.number > applied)) {
    const sql = readFileSync(new URL(`${String(number).padStart(4, '0')}-${name}.sql`, folder), 'utf8')
    await beforehand.get(number)?.(connection)
    await connection.run('begin')
    await connection.run(sql)
    await afterwards.get(number)?.(connection)
    await connection.run(`insert into main.migrations (number, name) values (${number}, ${literal(name)})`)
    await connection.run('commit')
  }
}
