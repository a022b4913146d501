import type { DuckDBConnection } from '@duckdb/node-api'
import { createHash } from 'node:crypto'
import type { CatalogObject, ObjectKey } from '../../catalog/objects.ts'
import { identifier, literal } from '../../engines/duckdb.ts'
import { MillraceError, messageOf } from '../../errors.ts'
import { engineName, engineSchema } from '../execution/names.ts'
import { printStatement } from '../statement/registry.ts'
import type { KnownColumn } from '../translation/known.ts'
import { refuseFunctionName } from './function-names.ts'
import { type LakeNames, knownIn, readLakeNames } from './lake-names.ts'
import { type MadeSql, type Making, engineNameOf, failureOf } from './made-sql.ts'
import { bodySuffix, functionSql } from './make-function.ts'
import { viewSql } from './make-view.ts'
import { placesIn } from './places.ts'
import { version } from '../../program.ts'

/** What tells an object among those that could not be made. */
export function relationId({ kind, database, schema, name }: ObjectKey): string {
  return JSON.stringify([kind, database, schema, name])
}

/**
 * Makes every VIEW and FUNCTION of the catalog anew as a view or macro of the engine, in any order that they use each other in, and drops those
 * that the catalog no longer has. Part of the caller's transaction. To be called whenever such objects change, or tables that they read: a STRUCT that
 * was widened would break the engine's view. Does nothing while all that they are made from is the same. Returns why some could not be
 * made, by `relationId`: they stay in the catalog, and are not there for queries.
 */
export async function alignRelations(
  connection: DuckDBConnection,
  objects: readonly CatalogObject[],
): Promise<ReadonlyMap<string, unknown>> {
  const made = await readMade(connection)
  const wanted = objects
    .filter(({ kind }) => kind === 'VIEW' || kind === 'FUNCTION')
    .toSorted((left, right) => left.createdAt.localeCompare(right.createdAt))
  if (wanted.length === 0 && made.length === 0) return new Map()
  const names = withoutMade(await readLakeNames(connection), made)
  const fingerprint = fingerprintOf(wanted, names)
  if (await isMadeFrom(connection, fingerprint)) return errorsOf(made)
  // What could not be made is not there, and its name may be another's.
  for (const relation of made) if (relation.error === undefined) await drop(connection, relation)
  const errors = await makeAll(connection, wanted, names, new Set(made.map(relationId)))
  await keep(connection, wanted, errors, fingerprint)
  return errors
}

/** Which objects could not be made the last time, by `relationId`. */
export async function readBroken(connection: DuckDBConnection): Promise<ReadonlySet<string>> {
  return new Set(errorsOf(await readMade(connection)).keys())
}

interface Made extends ObjectKey {
  readonly engineSchema: string
  readonly engineName: string
  readonly error: string | undefined
}

async function readMade(connection: DuckDBConnection): Promise<Made[]> {
  const reader = await connection.runAndReadAll(
    'select kind, database_name, schema_name, name, engine_schema, engine_name, error from lake.made_relations',
  )
  return reader.getRows().map((row) => {
    const [kind = '', database = '', schema = '', name = '', place = '', own = ''] = row.map(String)
    const error = typeof row[6] === 'string' ? row[6] : undefined
    return {
      kind: kind === 'VIEW' ? 'VIEW' : 'FUNCTION',
      database,
      schema,
      name,
      engineSchema: place,
      engineName: own,
      error,
    }
  })
}

function errorsOf(made: readonly Made[]): Map<string, unknown> {
  const failed = made.flatMap((one): [string, unknown][] =>
    one.error === undefined ? [] : [[relationId(one), new MillraceError('SQL_FAILED', one.error)]],
  )
  return new Map(failed)
}

/** The names that are there before anything is made. */
function withoutMade(names: LakeNames, made: readonly Made[]): LakeNames {
  const views = new Set(
    made.filter(({ kind }) => kind === 'VIEW').map((one) => `${one.engineSchema}.${one.engineName}`.toLowerCase()),
  )
  const left = [...names.columns].map(
    ([schema, relations]): [string, LakeNames['columns'] extends ReadonlyMap<string, infer R> ? R : never] => [
      schema,
      new Map([...relations].filter(([relation]) => !views.has(`${schema}.${relation}`.toLowerCase()))),
    ],
  )
  return { ...names, columns: new Map(left) }
}

function fingerprintOf(wanted: readonly CatalogObject[], names: LakeNames): string {
  const objects = wanted.map((object) => [relationId(object), object.dialect, printStatement(object.definition)])
  const columns = [...names.columns].map(([schema, relations]) => [schema, [...relations]])
  return createHash('sha256')
    .update(JSON.stringify([version, objects, [...names.schemas], columns]))
    .digest('hex')
}

async function isMadeFrom(connection: DuckDBConnection, fingerprint: string): Promise<boolean> {
  const reader = await connection.runAndReadAll('select fingerprint from lake.relations_made_from')
  return reader.getRows()[0]?.[0] === fingerprint
}

async function drop(
  connection: DuckDBConnection,
  { kind, engineSchema: schema, engineName: name }: Made,
): Promise<void> {
  const called = (suffix: string): string => `${identifier(schema)}.${identifier(name + suffix)}`
  // Its schema may be gone, and it with that.
  const statements =
    kind === 'VIEW'
      ? [`drop view if exists ${called('')}`]
      : ['', bodySuffix].flatMap((suffix) => [
          `drop macro if exists ${called(suffix)}`,
          `drop macro table if exists ${called(suffix)}`,
        ])
  for (const statement of statements) await connection.run(statement)
}

/** Tries all that are left again and again, as long as one more can be made: they may use each other in any order. */
async function makeAll(
  connection: DuckDBConnection,
  wanted: readonly CatalogObject[],
  names: LakeNames,
  known: ReadonlySet<string>,
): Promise<Map<string, unknown>> {
  const columns = new Map([...names.columns].map(([schema, relations]) => [schema, new Map(relations)]))
  const making = makingWith(connection, { ...names, columns })
  let left = [...wanted]
  for (;;) {
    const errors = new Map<string, unknown>()
    for (const object of left) {
      try {
        if (object.kind === 'FUNCTION' && !known.has(relationId(object))) await refuseFunctionName(connection, object)
        await make(connection, object, making)
        if (object.kind === 'VIEW') await addColumns(connection, object, columns)
      } catch (error) {
        errors.set(relationId(object), callWithin(error, object, names))
      }
    }
    if (errors.size === 0 || errors.size === left.length) return errors
    left = left.filter((object) => errors.has(relationId(object)))
  }
}

function makingWith(connection: DuckDBConnection, names: LakeNames): Making {
  return {
    connection,
    knownFor: ({ database, schema }) => knownIn(names, { database, schema, warehouse: undefined }),
    placesFor: ({ database, schema }) => placesIn(names, engineSchema(database, schema)),
  }
}

async function make(connection: DuckDBConnection, object: CatalogObject, making: Making): Promise<void> {
  const { definition } = object
  if (definition.kind !== 'create-view' && definition.kind !== 'create-function') return
  // The engine knows nothing of these: statements that call them are rewritten (`src/sql/calls/`).
  if (definition.kind === 'create-function' && (definition.options.language ?? 'SQL') !== 'SQL') return
  const sql: MadeSql =
    definition.kind === 'create-view'
      ? await viewSql(object, definition, making)
      : await functionSql(object, definition, making)
  try {
    for (const statement of sql.statements) await connection.run(statement)
    if (sql.check !== undefined) (await connection.prepare(sql.check)).destroySync()
  } catch (error) {
    if (object.kind === 'FUNCTION') await dropFunction(connection, object)
    throw failureOf(definition.body.text, error)
  }
}

/** Calls of JavaScript and Python are made before a statement runs, and one within a view would not be seen. */
function callWithin(error: unknown, { kind }: CatalogObject, { caged }: LakeNames): unknown {
  const called = /Function with name "?([^"\s]+?)"? does not exist|table function (\S+) is not open/.exec(
    messageOf(error),
  )
  const name = (called?.[1] ?? called?.[2] ?? '').toLowerCase()
  if (![...caged.values()].some((own) => own.has(name))) return error
  const what = kind === 'VIEW' ? 'a view' : 'a function in SQL'
  return new MillraceError(
    'SQL_REFUSED',
    `${name.toUpperCase()} is a function in JavaScript or Python, which ${what} cannot call. Call it in the statement that selects.`,
    error,
  )
}

async function dropFunction(connection: DuckDBConnection, object: CatalogObject): Promise<void> {
  const place = { engineSchema: engineSchema(object.database, object.schema), engineName: engineName(object.name) }
  await drop(connection, { ...object, ...place, error: undefined })
}

async function addColumns(
  connection: DuckDBConnection,
  object: CatalogObject,
  columns: Map<string, Map<string, readonly KnownColumn[]>>,
): Promise<void> {
  const schema = engineSchema(object.database, object.schema)
  const reader = await connection.runAndReadAll(`describe ${engineNameOf(object)}`)
  const found = reader.getRows().map(([name, type]) => ({ name: String(name), type: String(type) }))
  const relations = columns.get(schema) ?? new Map<string, readonly KnownColumn[]>()
  columns.set(schema, relations.set(engineName(object.name).toLowerCase(), found))
}

async function keep(
  connection: DuckDBConnection,
  wanted: readonly CatalogObject[],
  errors: ReadonlyMap<string, unknown>,
  fingerprint: string,
): Promise<void> {
  await connection.run('delete from lake.made_relations')
  await connection.run('delete from lake.relations_made_from')
  const rows = wanted.map((object) => {
    const { kind, database, schema, name } = object
    const error = errors.get(relationId(object))
    const place = [engineSchema(database, schema), engineName(name)]
    const values = [kind, database, schema, name, ...place].map(literal)
    return `(${[...values, error === undefined ? 'null' : literal(messageOf(error))].join(', ')})`
  })
  if (rows.length > 0) await connection.run(`insert into lake.made_relations values ${rows.join(', ')}`)
  await connection.run(`insert into lake.relations_made_from values (${literal(fingerprint)})`)
}
