import type { Value } from '../../api.ts'
import type { CatalogObject, ObjectKey } from '../../catalog/objects.ts'
import { storedName } from '../../catalog/user-tables.ts'
import { logTypeNamed } from '../../log-type/registry.ts'
import { metadataColumns } from '../../streams/delta.ts'
import { missing } from '../execution/alter.ts'
import { failed } from '../execution/failure.ts'
import { fold, keyOf, partOf, refuseReserved, shownName } from '../execution/names.ts'
import { changedOptions, objectKind } from '../execution/object-kind.ts'
import { type Situation, find, outcomeOf } from '../execution/plan.ts'
import { refuseTaken } from '../execution/relation-names.ts'
import { userTableOf } from '../execution/user-table.ts'
import type { AlterStream, CreateStream } from '../statements/stream.ts'

const columns = [
  'created_on TIMESTAMP',
  'name',
  'database_name',
  'schema_name',
  'owner',
  'comment',
  'table_name',
  'source_type',
  'base_tables',
  'type',
  'stale',
  'mode',
  'stale_after TIMESTAMP',
  'invalid_reason',
  'owner_role_type',
]

function row(
  definition: CreateStream,
  { createdAt, database, schema, name }: CatalogObject,
  { streams }: Situation,
): Value[] {
  const state = streams.find((one) => one.database === database && one.schema === schema && one.name === name)
  const table = definition.on.name.map(({ text }) => text).join('.')
  return [
    createdAt,
    name,
    database,
    schema,
    null,
    definition.options.comment ?? null,
    table,
    'Table',
    table,
    'DELTA',
    String(state?.staleReason !== undefined),
    definition.options.appendOnly === true ? 'APPEND_ONLY' : 'DEFAULT',
    null,
    state?.staleReason ?? 'N/A',
    null,
  ]
}

/** The table that a stream tells of: one of a script, or a built-in one of schema LOGS. */
function sourceOf({ on, options }: CreateStream, situation: Situation): ObjectKey {
  const key = keyOf('TABLE', 'schema', on.name, situation.session)
  if (key.schema === 'LOGS' && logTypeNamed(key.name.toLowerCase())?.table === key.name.toLowerCase()) {
    if (options.appendOnly === true) return key
    throw failed(`${shownName(key)} is filled by loads alone, and its streams are APPEND_ONLY = TRUE; say so`)
  }
  refuseReserved(key)
  const table = find(situation.objects, key)
  if (table !== undefined) return withoutMetadata(table)
  if (find(situation.objects, { ...key, kind: 'VIEW' }) !== undefined)
    throw failed(`${shownName(key)} is a view, and streams are of tables here; make one for each table that it reads`)
  throw missing(key)
}

/** A table that was made of a stream's rows may have the columns that the stream would add. */
function withoutMetadata(table: CatalogObject): CatalogObject {
  const own = table.definition.kind === 'create-table' ? table.definition.columns : []
  const taken = own.map(({ name }) => fold(name)).find((name) => isMetadata(name))
  if (taken === undefined) return table
  throw failed(
    `${shownName(table)} has a column ${taken}, which a stream on it would have too; make the table with another name for it`,
  )
}

function isMetadata(column: string): boolean {
  return metadataColumns.some((name) => name === column.toUpperCase())
}

function whyNotAltered({ change }: AlterStream): string | undefined {
  const keys = change.action === 'set' ? Object.keys(change.options) : change.options
  return keys.every((key) => key === 'comment')
    ? undefined
    : 'a stream stays what it was made as; change its COMMENT alone, or make another stream'
}

/** Snowflake's manual, STREAM: how a table has changed since the stream was last read by a statement that writes. */
export const stream = objectKind({
  type: 'STREAM',
  title: 'Stream',
  level: 'schema',
  creates: 'create-stream',
  alters: 'alter-stream',
  unsupported: (statement) => {
    if (statement.kind === 'alter-stream') return whyNotAltered(statement)
    return statement.on.object === 'VIEW'
      ? 'streams are of tables here; make one for each table that the view reads'
      : undefined
  },
  define: (definition, key, situation) => {
    refuseTaken(key, ['STREAM', 'VIEW', 'TABLE'], situation)
    const { database, schema, name } = sourceOf(definition, situation)
    return { ...definition, on: { object: 'TABLE', name: [database, schema, name].map(partOf) } }
  },
  alter: (definition, { change }) => ({
    definition: { ...definition, options: changedOptions(definition.options, change) },
  }),
  describe: (definition, object, situation) => outcomeOf(columns, [row(definition, object, situation)]),
  columns,
  row,
  whenMade: (object) => [{ step: 'make-stream', key: object, table: storedTable(object), ...modeOf(object) }],
  whenDropped: (key) => [{ step: 'drop-stream', key }],
})

function streamDefinition({ definition }: CatalogObject): CreateStream {
  if (definition.kind === 'create-stream') return definition
  throw failed(`a statement of kind ${definition.kind} was taken for a stream`)
}

function storedTable(object: CatalogObject): string {
  const [database = '', schema = '', name = ''] = streamDefinition(object).on.name.map(({ text }) => text)
  if (schema === 'LOGS') return name.toLowerCase()
  const key: ObjectKey = { kind: 'TABLE', database, schema, name }
  return storedName(userTableOf(key))
}

function modeOf(object: CatalogObject): { readonly isAppendOnly: boolean; readonly showsInitialRows: boolean } {
  const { appendOnly = false, showInitialRows = false } = streamDefinition(object).options
  return { isAppendOnly: appendOnly, showsInitialRows: showInitialRows }
}
