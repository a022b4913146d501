import { objectKind } from '../execution/object-kind.ts'
import { outcomeOf } from '../execution/plan.ts'
import { refuseTaken } from '../execution/relation-names.ts'
import { shownColumnType } from '../execution/shown-types.ts'
import { printStatement } from '../statement/registry.ts'

/** Snowflake's manual, VIEW: a query under a name. The engine's view is made from it in `src/sql/relations/`. */
export const view = objectKind({
  type: 'VIEW',
  title: 'View',
  level: 'schema',
  needsColumns: true,
  keepsDialect: true,
  creates: 'create-view',
  unsupported: (statement) => {
    if (statement.kind !== 'create-view') return undefined
    if (statement.temporary)
      return 'there are no temporary views; leave TEMPORARY out, and DROP it when it is done with'
    return statement.recursive ? 'views do not select from themselves; take WITH RECURSIVE in its query' : undefined
  },
  define: (definition, key, situation) => {
    refuseTaken(key, ['VIEW', 'TABLE', 'STREAM'], situation)
    return definition
  },
  describe: ({ columns = [] }, object, { columnsOf }) =>
    outcomeOf(
      [
        'name',
        'type',
        'kind',
        'null?',
        'default',
        'primary key',
        'unique key',
        'check',
        'expression',
        'comment',
        'policy name',
        'privacy domain',
      ],
      columnsOf(object).map(({ name, type }, index) => [
        name,
        shownColumnType(type),
        'COLUMN',
        'Y',
        null,
        'N',
        'N',
        null,
        null,
        columns[index]?.comment ?? null,
        null,
        null,
      ]),
    ),
  columns: [
    'created_on TIMESTAMP',
    'name',
    'reserved',
    'database_name',
    'schema_name',
    'owner',
    'comment',
    'text',
    'is_secure',
    'is_materialized',
    'owner_role_type',
    'change_tracking',
  ],
  row: (definition, { createdAt, name, database, schema }) => [
    createdAt,
    name,
    '',
    database,
    schema,
    null,
    definition.options.comment ?? null,
    printStatement(definition),
    String(definition.secure),
    'false',
    null,
    definition.options.changeTracking === true ? 'ON' : 'OFF',
  ],
})
