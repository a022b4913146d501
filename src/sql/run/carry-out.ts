import type { DuckDBConnection } from '@duckdb/node-api'
import { randomBytes } from 'node:crypto'
import { readObjects, removeObject, writeObject } from '../../catalog/objects.ts'
import { identifier } from '../../engines/duckdb.ts'
import type { Change, Relation, Situation } from '../execution/plan.ts'
import type { Session } from '../execution/session.ts'

/** All that a plan is made from, as of the caller's transaction. */
export async function readSituation(
  connection: DuckDBConnection,
  session: Session,
  withRelations: boolean,
): Promise<Situation> {
  return {
    objects: await readObjects(connection),
    relations: withRelations ? await readRelations(connection) : [],
    session,
    now: new Date().toISOString().replace('T', ' ').replace('Z', ''),
    random: randomBytes(24),
  }
}

/** Does a plan's steps, in their order. Part of the caller's transaction. */
export async function carryOut(connection: DuckDBConnection, changes: readonly Change[]): Promise<void> {
  for (const change of changes) {
    switch (change.step) {
      case 'put':
        await writeObject(connection, change.object)
        break
      case 'remove':
        await removeObject(connection, change.key)
        break
      case 'make-schema':
        await connection.run(`create schema ${identifier(change.schema)}`)
        break
      case 'drop-schema':
        await connection.run(`drop schema ${identifier(change.schema)} cascade`)
        break
    }
  }
}

/** Tables, views and functions in the schemas that statements make, whose names have a dot. */
async function readRelations(connection: DuckDBConnection): Promise<Relation[]> {
  const reader = await connection.runAndReadAll(`
    select schema_name, table_name, true from duckdb_tables() where contains(schema_name, '.')
    union all select schema_name, view_name, false from duckdb_views() where contains(schema_name, '.')
    union all select schema_name, function_name, false from duckdb_functions() where contains(schema_name, '.')`)
  const relations: Relation[] = []
  for (const [schema, name, isTable] of reader.getRows()) {
    const table = `${identifier(String(schema))}.${identifier(String(name))}`
    const hasRows = isTable === true && (await isFilled(connection, table))
    relations.push({ schema: String(schema), name: String(name), hasRows })
  }
  return relations
}

async function isFilled(connection: DuckDBConnection, table: string): Promise<boolean> {
  const reader = await connection.runAndReadAll(`select exists (from ${table})`)
  return reader.getRows()[0]?.[0] === true
}
