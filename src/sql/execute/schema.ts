import { dropWithin, makeSchema, moveWithin } from '../execution/containers.ts'
import { isWithin } from '../execution/names.ts'
import { changedOptions, objectKind } from '../execution/object-kind.ts'
import { outcomeOf } from '../execution/plan.ts'

/** Snowflake's manual, SCHEMA. */
export const schema = objectKind({
  type: 'SCHEMA',
  title: 'Schema',
  level: 'database',
  needsRelations: 'to change',
  creates: 'create-schema',
  alters: 'alter-schema',
  alter: (definition, { change }) => ({
    definition: { ...definition, options: changedOptions(definition.options, change) },
  }),
  describe: (_definition, object, { objects }) =>
    outcomeOf(
      ['created_on TIMESTAMP', 'name', 'kind'],
      objects.filter((one) => isWithin(one, object)).map(({ createdAt, name, kind }) => [createdAt, name, kind]),
    ),
  columns: [
    'created_on TIMESTAMP',
    'name',
    'is_default',
    'is_current',
    'database_name',
    'owner',
    'comment',
    'options',
    'retention_time',
  ],
  row: ({ options, transient }, { database, name, createdAt }, { session }) => [
    createdAt,
    name,
    'N',
    session.database === database && session.schema === name ? 'Y' : 'N',
    database,
    null,
    options.comment ?? null,
    transient ? 'TRANSIENT' : '',
    String(options.dataRetentionTimeInDays ?? 1),
  ],
  whenMade: makeSchema,
  whenDropped: dropWithin,
  whenRenamed: moveWithin,
  inUse: (key, { session }) => ({ ...session, database: key.database, schema: key.name }),
})
