import { engineType, isVariant } from '../../catalog/column-type.ts'
import { failed } from '../execution/failure.ts'
import { checkExternal } from '../external/columns.ts'
import { engineSchema, fold, shownName } from '../execution/names.ts'
import { objectKind } from '../execution/object-kind.ts'
import { type Situation, find, outcomeOf } from '../execution/plan.ts'
import type { ObjectKey } from '../../catalog/objects.ts'
import { reservedColumns } from '../../catalog/user-tables.ts'
import { refuseTaken } from '../execution/relation-names.ts'
import type { CreateTable } from '../statements/table.ts'

function checked(definition: CreateTable, key: ObjectKey, situation: Situation): CreateTable {
  const { objects, dialect } = situation
  const { external } = definition
  if (external !== undefined) checkExternal(definition.columns, external, shownName(key), dialect)
  const unknown = (external === undefined ? definition.columns : []).find(
    ({ type }) => !isVariant(type) && engineType(type) === undefined,
  )
  if (unknown !== undefined)
    throw failed(
      `column ${unknown.name.text} of table ${shownName(key)} has the type ${unknown.type}, which is not known here; take VARIANT, VARCHAR, NUMBER, FLOAT, BOOLEAN, DATE, TIMESTAMP_NTZ or another of Snowflake's`,
    )
  const columns = [...definition.columns, ...(external?.partitionedBy ?? [])]
  const names = columns.map(({ name }) => fold(name).toLowerCase())
  const twice = names.find((name, index) => names.indexOf(name) < index)
  if (twice !== undefined)
    throw failed(`table ${shownName(key)} has the column ${twice} twice; names are compared without regard to case`)
  const reserved = names.find((name) => reservedColumns.has(name))
  if (reserved !== undefined)
    throw failed(
      `table ${shownName(key)} cannot have a column ${reserved}, which stored rows have beside people's own; take another name`,
    )
  for (const kind of ['VIEW', 'STREAM'] as const)
    if (find(objects, { ...key, kind }) !== undefined)
      throw failed(`the name ${shownName(key)} is taken by a ${kind.toLowerCase()}; take another, or drop it first`)
  refuseTaken(key, ['TABLE', 'VIEW', 'STREAM'], situation)
  return definition
}

function rowsOf(key: ObjectKey, { relations }: Situation): number | null {
  const schema = engineSchema(key.database, key.schema)
  return relations.find((one) => one.schema === schema && one.name === key.name.toLowerCase())?.rows ?? null
}

/** Snowflake's manual, TABLE. */
export const table = objectKind({
  type: 'TABLE',
  title: 'Table',
  level: 'schema',
  needsRelations: 'to show',
  creates: 'create-table',
  unsupported: ({ lifetime }) =>
    lifetime === 'temporary'
      ? 'there are no temporary tables; leave TEMPORARY out, and DROP it when it is done with'
      : undefined,
  define: checked,
  describe: ({ columns, external }) =>
    outcomeOf(
      ['name', 'type', 'kind', 'null?', 'default', 'primary key', 'unique key', 'check', 'expression', 'comment'],
      [...columns, ...(external?.partitionedBy ?? [])].map(({ name, type, notNull, default: value, comment }) => [
        fold(name),
        type,
        'COLUMN',
        notNull ? 'N' : 'Y',
        value ?? null,
        'N',
        'N',
        null,
        null,
        comment ?? null,
      ]),
    ),
  columns: [
    'created_on TIMESTAMP',
    'name',
    'database_name',
    'schema_name',
    'kind',
    'comment',
    'cluster_by',
    'rows BIGINT',
    'bytes BIGINT',
    'owner',
    'retention_time',
  ],
  row: ({ options, lifetime, external }, key, situation) => [
    key.createdAt,
    key.name,
    key.database,
    key.schema,
    external === undefined ? (lifetime === 'transient' ? 'TRANSIENT' : 'TABLE') : 'EXTERNAL TABLE',
    options.comment ?? null,
    '',
    rowsOf(key, situation),
    null,
    null,
    String(options.dataRetentionTimeInDays ?? 1),
  ],
  whenMade: (object) => [{ step: 'make-table', object }],
  whenDropped: (key) => [{ step: 'drop-table', key }],
})
