import type { DuckDBConnection } from '@duckdb/node-api'
import { z } from 'zod'
import { MillraceError } from '../errors.ts'
import { type Dialect, dialects } from '../sql/dialects.ts'
import { parseStatement } from '../sql/script.ts'
import { type ObjectType, objectTypes } from '../sql/statement/objects.ts'
import { type PipelineStatement, printStatement } from '../sql/statement/registry.ts'

/** A statement that makes an object. */
export type Definition = Extract<PipelineStatement, { readonly kind: `create-${string}` }>

/** What tells an object from all others. Names are folded; what belongs to no database or schema has '' there. */
export interface ObjectKey {
  readonly kind: ObjectType
  readonly database: string
  readonly schema: string
  readonly name: string
}

/** An object of the catalog. */
export interface CatalogObject extends ObjectKey {
  /** The statement that would make it as it is now: its name is the object's own, without database and schema. */
  readonly definition: Definition
  /** Time in UTC, as text. */
  readonly createdAt: string
  /** Whose SQL the query or the body within the definition is. */
  readonly dialect: Dialect
}

const rowShape = z.tuple([
  z.enum(objectTypes),
  z.string(),
  z.string(),
  z.string(),
  z.string(),
  z.string(),
  z.enum(dialects),
])

/** Every object, in the order of their names. */
export async function readObjects(connection: DuckDBConnection): Promise<CatalogObject[]> {
  const reader = await connection.runAndReadAll(`
    select kind, database_name, schema_name, name, definition, created_at::varchar, dialect
    from lake.pipeline_objects
    order by database_name, schema_name, name, kind`)
  return reader.getRows().map((row) => {
    const [kind, database, schema, name, definition, createdAt, dialect] = rowShape.parse(row)
    return { kind, database, schema, name, definition: definitionIn(definition, name, dialect), createdAt, dialect }
  })
}

/** Writes an object in place of the one that has its key. Part of the caller's transaction. */
export async function writeObject(connection: DuckDBConnection, object: CatalogObject): Promise<void> {
  const { kind, database, schema, name, definition, createdAt, dialect } = object
  const printed = printStatement(definition)
  if (dialect !== 'snowflake') checkKept(printed, definition, dialect)
  await removeObject(connection, object)
  await connection.run(
    'insert into lake.pipeline_objects values ($1::varchar, $2::varchar, $3::varchar, $4::varchar, $5::varchar, $6::varchar::json, $7::varchar, $8::varchar::timestamp, $9::varchar)',
    [
      kind,
      database,
      schema,
      name,
      printed,
      JSON.stringify(propertiesOf(definition)),
      commentOf(definition) ?? null,
      createdAt,
      dialect,
    ],
  )
}

/** Removes an object. Part of the caller's transaction. */
export async function removeObject(
  connection: DuckDBConnection,
  { kind, database, schema, name }: ObjectKey,
): Promise<void> {
  await connection.run(
    'delete from lake.pipeline_objects where kind = $1 and database_name = $2 and schema_name = $3 and name = $4',
    [kind, database, schema, name],
  )
}

/** The text behind COMMENT. */
export function commentOf(definition: Definition): string | undefined {
  if ('comment' in definition) return definition.comment
  return 'options' in definition && 'comment' in definition.options ? definition.options.comment : undefined
}

/** Definitions are printed as Snowflake writes texts; what another dialect reads otherwise would be kept as something else. */
function checkKept(printed: string, definition: Definition, dialect: Dialect): void {
  const plain = (statement: object): string =>
    JSON.stringify(statement, (key, value: unknown) => (key === 'place' ? undefined : value))
  if (plain(definitionIn(printed, printed, dialect)) === plain(definition)) return
  throw new MillraceError(
    'STATEMENT_FAILED',
    `its COMMENT or body cannot be kept as the dialect ${dialect} writes it; leave line breaks and backslashes out of texts, and $$ out of bodies`,
  )
}

function definitionIn(sql: string, name: string, dialect: Dialect): Definition {
  const statement = parseStatement(sql, { dialect })
  if (isDefinition(statement)) return statement
  throw new MillraceError(
    'LAKE_DAMAGED',
    `The catalog's definition of ${name} cannot be read. Restore a backup with "millrace restore".`,
  )
}

function isDefinition(statement: { readonly kind: string }): statement is Definition {
  return statement.kind.startsWith('create-')
}

const heads: ReadonlySet<string> = new Set(['kind', 'orReplace', 'ifNotExists', 'name', 'comment', 'options'])

function propertiesOf(definition: Definition): object {
  const said = Object.entries(definition).filter(([key]) => !heads.has(key))
  return { ...Object.fromEntries(said), ...('options' in definition ? definition.options : {}) }
}
