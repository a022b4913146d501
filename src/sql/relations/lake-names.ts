import type { DuckDBConnection } from '@duckdb/node-api'
import type { Engine } from '../../engines/duckdb.ts'
import { onConnection } from '../execution/script-lake.ts'
import { engineSchema, fold } from '../execution/names.ts'
import type { Session } from '../execution/session.ts'
import type { Known, KnownColumn } from '../translation/known.ts'

/** What statements can name in a lake, as of one moment. Schemas are the engine's; names of relations and functions are in lower case. */
export interface LakeNames {
  /** Schemas of databases, as JSON of the two names. */
  readonly schemas: ReadonlySet<string>
  readonly columns: ReadonlyMap<string, ReadonlyMap<string, readonly KnownColumn[]>>
  /** Functions that statements made. */
  readonly functions: ReadonlyMap<string, ReadonlySet<string>>
  /** Of these, functions of JavaScript and Python. */
  readonly caged: ReadonlyMap<string, ReadonlySet<string>>
}

/** Reads the names of a lake, as of the caller's transaction. */
export async function readLakeNames(connection: DuckDBConnection): Promise<LakeNames> {
  const columns = new Map<string, Map<string, KnownColumn[]>>()
  const found = await connection.runAndReadAll(`
    select schema_name, table_name, column_name, data_type
    from duckdb_columns()
    where not internal and schema_name not in ('lake', 'main')
    order by schema_name, table_name, column_index`)
  for (const [schema, relation, name, type] of found.getRows().map((row) => row.map(String))) {
    const relations = within(columns, schema, () => new Map<string, KnownColumn[]>())
    within(relations, relation?.toLowerCase(), (): KnownColumn[] => []).push({ name: name ?? '', type: type ?? '' })
  }
  const schemas = new Set<string>()
  const functions = new Map<string, Set<string>>()
  const caged = new Map<string, Set<string>>()
  const objects = await connection.runAndReadAll(
    "select kind, database_name, schema_name, name, properties->>'language' from lake.pipeline_objects where kind in ('SCHEMA', 'FUNCTION')",
  )
  for (const [kind, database = '', schema = '', name = '', language] of objects
    .getRows()
    .map((row) => row.map(String))) {
    if (kind === 'SCHEMA') {
      schemas.add(JSON.stringify([database, name]))
      continue
    }
    const own = engineSchema(database, schema)
    within(functions, own, () => new Set<string>()).add(name.toLowerCase())
    if (language === 'JAVASCRIPT' || language === 'PYTHON')
      within(caged, own, () => new Set<string>()).add(name.toLowerCase())
  }
  return { schemas, columns, functions, caged }
}

function within<V>(map: Map<string, V>, name: string | undefined, make: () => V): V {
  const value = map.get(name ?? '') ?? make()
  map.set(name ?? '', value)
  return value
}

/** Reads something of a lake when it is asked for, and again once `version` gives another number. */
export function keepByVersion<T>(
  engine: Engine,
  version: () => number,
  read: (connection: DuckDBConnection) => Promise<T>,
): () => Promise<T> {
  let kept: { readonly version: number; readonly value: Promise<T> } | undefined
  return () => {
    const now = version()
    if (kept?.version === now) return kept.value
    const value = onConnection(engine, read)
    kept = { version: now, value }
    value.catch(() => {
      kept = undefined
    })
    return value
  }
}

/** The names of a lake, as the statements of a session name them; `pipes` has the text of SYSTEM$PIPE_STATUS by name. */
export function knownIn(
  { schemas, columns, functions }: LakeNames,
  session: Session,
  pipes: ReadonlyMap<string, string> = new Map(),
): Known {
  const { database: current, schema: own } = session
  const fullName = (name: string): string => {
    const parts = name.split('.').map((part) => (part.startsWith('"') ? part.replaceAll('"', '') : part.toUpperCase()))
    return [...[current, own].slice(0, 3 - parts.length), ...parts].join('.')
  }
  const searched = current === undefined || own === undefined ? 'public' : engineSchema(current, own)
  return {
    schemaNamed: (database, schema) => {
      const name = fold(schema)
      const container = database === undefined ? (current ?? '') : fold(database)
      if (!schemas.has(JSON.stringify([container, name]))) return undefined
      const named = engineSchema(container, name)
      // The user's object before the built-in one, as in an unqualified name.
      return named === 'public' && searched === 'public' ? undefined : named
    },
    columnsOf: (schema, relation) => {
      const places = schema === undefined ? [searched, 'logs'] : [schema]
      return places.map((place) => columns.get(place)?.get(relation.toLowerCase())).find((found) => found !== undefined)
    },
    pipeStatus: (name) => pipes.get(fullName(name)),
    fullName,
    functionNamed: (schema, name) => {
      const place = schema ?? searched
      return functions.get(place)?.has(name.toLowerCase()) === true
        ? { schema: place, name: name.toLowerCase() }
        : undefined
    },
  }
}
