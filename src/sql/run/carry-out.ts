import type { DuckDBConnection } from '@duckdb/node-api'
import { randomBytes } from 'node:crypto'
import { type ObjectKey, readObjects, removeObject, writeObject } from '../../catalog/objects.ts'
import { type UserTable, createUserTable, dropUserTable, storedName } from '../../catalog/user-tables.ts'
import { identifier, literal } from '../../engines/duckdb.ts'
import { messageOf } from '../../errors.ts'
import { movePipeState, readPipeStates, removePipeState, writePipeState } from '../../pipes/pipe-store.ts'
import { moveTaskState, readTaskStates, removeTaskState, writeTaskState } from '../../tasks/task-store.ts'
import type { Dialect } from '../dialects.ts'
import { columnsOf, userTableOf } from '../execution/user-table.ts'
import { dropStream, endStreams, makeStream } from '../execution/streams.ts'
import { readStreams } from '../../streams/stream-store.ts'
import { engineName, engineSchema, shownName } from '../execution/names.ts'
import type { Change, Relation, Situation } from '../execution/plan.ts'
import { alignRelations, readBroken, relationId } from '../relations/align.ts'
import { readLakeNames } from '../relations/lake-names.ts'

/** All that a plan is made from, as of the caller's transaction. */
export async function readSituation(
  connection: DuckDBConnection,
  { session, dialect, nowMs }: Pick<Situation, 'session' | 'dialect'> & { readonly nowMs: number },
  needs: { readonly relations: boolean; readonly columns: boolean },
): Promise<Situation> {
  const names = needs.columns ? await readLakeNames(connection) : undefined
  return {
    objects: await readObjects(connection),
    pipes: await readPipeStates(connection),
    streams: await readStreams(connection),
    tasks: await readTaskStates(connection),
    relations: needs.relations ? await readRelations(connection) : [],
    columnsOf: ({ database, schema, name }) =>
      names?.columns.get(engineSchema(database, schema))?.get(engineName(name).toLowerCase()) ?? [],
    session,
    dialect,
    now: new Date(nowMs).toISOString().replace('T', ' ').replace('Z', ''),
    random: randomBytes(24),
  }
}

/**
 * Does a plan's steps, in their order, and what follows from them for views and functions. Part of the caller's transaction. Returns what
 * a reader should know of it: which of them are no longer there.
 */
export async function carryOut(
  connection: DuckDBConnection,
  changes: readonly Change[],
  dialect: Dialect,
): Promise<readonly string[]> {
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
      case 'make-table':
        await createUserTable(connection, userTableOf(change.object), await columnsOf(change.object, dialect))
        break
      case 'keep-pipe':
        await writePipeState(connection, change.key, change.state)
        break
      case 'forget-pipe':
        await removePipeState(connection, change.key)
        break
      case 'drop-table':
        await endStreams(connection, change.key)
        await dropUserTable(connection, userTableOf(change.key))
        break
      case 'keep-task':
        await writeTaskState(connection, change.key, change.state)
        break
      case 'forget-task':
        await removeTaskState(connection, change.key)
        break
      case 'move-pipe':
        await movePipeState(connection, change.key, change.to)
        break
      case 'move-task':
        await moveTaskState(connection, change.key, change.to)
        break
      case 'make-stream':
        await makeStream(connection, change)
        break
      case 'drop-stream':
        await dropStream(connection, change.key)
        break
    }
  }
  if (!changes.some(isOfRelations)) return []
  const before = await readBroken(connection)
  const objects = await readObjects(connection)
  const errors = await alignRelations(connection, objects)
  for (const change of changes) {
    const error = change.step === 'put' ? errors.get(relationId(change.object)) : undefined
    if (error !== undefined) throw error
  }
  return objects
    .filter((object) => errors.has(relationId(object)) && !before.has(relationId(object)))
    .map((object) => `${object.kind} ${shownName(object)} cannot be made any more: ${reasonOf(errors, object)}`)
}

function reasonOf(errors: ReadonlyMap<string, unknown>, object: ObjectKey): string {
  const [reason = ''] = messageOf(errors.get(relationId(object))).split('\n\nLINE ', 1)
  return reason.replace(/(?<!\.)$/, '.')
}

/** Whether views and functions may have to be made anew. */
function isOfRelations(change: Change): boolean {
  if (/^(?:keep|forget|move)-/.test(change.step)) return false
  if (change.step !== 'put' && change.step !== 'remove') return true
  const { kind } = change.step === 'put' ? change.object : change.key
  return kind === 'VIEW' || kind === 'FUNCTION' || kind === 'TABLE'
}

/** Tables, and what else the catalog does not have, in the schemas of scripts. Tables are views there, over what is stored in schema `lake`. */
async function readRelations(connection: DuckDBConnection): Promise<Relation[]> {
  const reader = await connection.runAndReadAll(`
    select schema_name, view_name, exists (from duckdb_tables() t where t.schema_name = 'lake' and t.table_name = v.schema_name || '.' || v.view_name)
    from duckdb_views() v
    where (contains(schema_name, '.') or schema_name = 'public')
      and (schema_name, view_name) not in (select engine_schema, engine_name from lake.made_relations)`)
  const found = reader.getRows().map(([schema, name, isTable]) => ({
    schema: String(schema),
    name: String(name),
    isTable: isTable === true,
  }))
  const rows = await countRows(
    connection,
    found.filter(({ isTable }) => isTable),
  )
  return found.map(({ schema, name }) => ({ schema, name, rows: rows.get(storedName({ schema, name })) }))
}

/** By the names that tables are stored under. */
async function countRows(
  connection: DuckDBConnection,
  tables: readonly UserTable[],
): Promise<ReadonlyMap<string, number>> {
  if (tables.length === 0) return new Map()
  const counts = tables.map(storedName).map((name) => `select ${literal(name)}, count(*) from lake.${identifier(name)}`)
  const reader = await connection.runAndReadAll(counts.join(' union all '))
  return new Map(reader.getRows().map(([name, count]) => [String(name), Number(count)]))
}
