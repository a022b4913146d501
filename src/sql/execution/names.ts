import type { CatalogObject, ObjectKey } from '../../catalog/objects.ts'
import type { ObjectType } from '../statement/objects.ts'
import { type NamePart, type ObjectName, printName } from '../statement/name.ts'
import { failed } from './failure.ts'
import { type Session, ownDatabase, publicSchema } from './session.ts'

/** Schemas of the engine, and the one that Snowflake makes: nothing can be made, changed or dropped there. */
const reserved: ReadonlySet<string> = new Set(['LOGS', 'LAKE', 'MAIN', 'INFORMATION_SCHEMA', 'PG_CATALOG'])

/** What kinds of objects belong to. */
export type Level = 'account' | 'database' | 'schema'

/** A part of a name as the catalog holds it: unquoted ones in upper case. */
export function fold({ text, quoted }: NamePart): string {
  return quoted ? text : text.toUpperCase()
}

/** A folded name as part of a statement: reading it gives the same name. */
export function partOf(name: string): NamePart {
  return { text: name, quoted: name !== name.toUpperCase() }
}

/** The schema of the engine that a schema is: `"database.schema"` in lower case, but for the lake's own. */
export function engineSchema(database: string, schema: string): string {
  return database === ownDatabase && schema === publicSchema ? 'public' : `${database}.${schema}`.toLowerCase()
}

/** The name in the engine of what stands in a schema there: in lower case, where it was written without quotes. */
export function engineName(name: string): string {
  return name === name.toUpperCase() ? name.toLowerCase() : name
}

/** An object as messages name it. */
export function shownName({ database, schema, name }: Omit<ObjectKey, 'kind'>): string {
  return printName([database, schema, name].filter((part) => part !== '').map(partOf))
}

/** The key of what a statement names, in a session. */
export function keyOf(kind: ObjectType, level: Level, name: ObjectName, session: Session): ObjectKey {
  const most = { account: 1, database: 2, schema: 3 }[level]
  if (name.length > most)
    throw failed(`${kind} ${printName(name)} has too many parts; give ${most === 1 ? 'the name alone' : 'at most two'}`)
  const [last = '', second, third] = name.map(fold).toReversed()
  if (level === 'account') return { kind, database: '', schema: '', name: last }
  if (level === 'database') return { kind, database: second ?? databaseOf(session), schema: '', name: last }
  return { kind, database: third ?? databaseOf(session), schema: second ?? schemaOf(session), name: last }
}

/** The session's current database. */
export function databaseOf({ database }: Session): string {
  if (database === undefined) throw failed('there is no current database; say USE DATABASE, or give the full name')
  return database
}

/** The session's current schema. */
export function schemaOf({ schema }: Session): string {
  if (schema === undefined) throw failed('there is no current schema; say USE SCHEMA, or give the full name')
  return schema
}

/** Refuses what would change the schemas of the engine. */
export function refuseReserved(key: ObjectKey): void {
  const schema = key.kind === 'SCHEMA' ? key.name : key.schema
  if (reserved.has(schema.toUpperCase()))
    throw failed(
      `the schema ${schema} belongs to Millrace, and scripts change nothing in it; make your objects in PUBLIC or a schema of your own`,
    )
}

/** Whether an object stands within a database or schema. */
export function isWithin(object: CatalogObject, container: ObjectKey): boolean {
  if (container.kind === 'DATABASE') return object.database === container.name
  return container.kind === 'SCHEMA' && object.database === container.database && object.schema === container.name
}
