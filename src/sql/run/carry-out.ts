import type { DuckDBConnection } from '@duckdb/node-api'
import { randomBytes } from 'node:crypto'
import { readObjects, removeObject, writeObject } from '../../catalog/objects.ts'
import { identifier } from '../../engines/duckdb.ts'
import { engineName, engineSchema } from '../execution/names.ts'
import type { Change, Relation, Situation } from '../execution/plan.ts'
import { alignRelations, relationId } from '../relations/align.ts'
import { readLakeNames } from '../relations/lake-names.ts'

/** All that a plan is made from, as of the caller's transaction. */
export async function readSituation(
  connection: DuckDBConnection,
  { session, dialect }: Pick<Situation, 'session' | 'dialect'>,
  needs: { readonly relations: boolean; readonly columns: boolean },
): Promise<Situation> {
  const names = needs.columns ? await readLakeNames(connection) : undefined
  return {
    objects: await readObjects(connection),
    relations: needs.relations ? await readRelations(connection) : [],
    columnsOf: ({ database, schema, name }) =>
      names?.columns.get(engineSchema(database, schema))?.get(engineName(name).toLowerCase()) ?? [],
    session,
    dialect,
    now: new Date().toISOString().replace('T', ' ').replace('Z', ''),
    random: randomBytes(24),
  }
}

/** Does a plan's steps, in their order, and what follows from them for views and functions. Part of the caller's transaction. */
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
  if (!changes.some(isOfRelations)) return
  const errors = await alignRelations(connection, await readObjects(connection))
  for (const change of changes) {
    const error = change.step === 'put' ? errors.get(relationId(change.object)) : undefined
    if (error !== undefined) throw error
  }
}

/** Whether views and functions may have to be made anew. */
function isOfRelations(change: Change): boolean {
  if (change.step !== 'put' && change.step !== 'remove') return true
  const { kind } = change.step === 'put' ? change.object : change.key
  return kind === 'VIEW' || kind === 'FUNCTION' || kind === 'TABLE'
}

/** Tables, and what else the catalog does not have, in the schemas that statements make, whose names have a dot. */
async function readRelations(connection: DuckDBConnection): Promise<Relation[]> {
  const reader = await connection.runAndReadAll(`
    select schema_name, table_name, true from duckdb_tables() where contains(schema_name, '.')
    union all select schema_name, view_name, false from duckdb_views() where contains(schema_name, '.')
    and (schema_name, view_name) not in (select engine_schema, engine_name from lake.made_relations)`)
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
