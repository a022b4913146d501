import type { CatalogObject } from '../../catalog/objects.ts'
import { dropWithin, makeSchema, moveWithin } from '../execution/containers.ts'
import { isWithin } from '../execution/names.ts'
import { changedOptions, objectKind } from '../execution/object-kind.ts'
import { outcomeOf } from '../execution/plan.ts'
import { publicSchema } from '../execution/session.ts'

/** Snowflake's manual, DATABASE: a name before its schemas, each of which is a schema of the engine. */
export const database = objectKind({
  type: 'DATABASE',
  title: 'Database',
  level: 'account',
  needsRelations: 'to change',
  creates: 'create-database',
  alters: 'alter-database',
  alter: (definition, { change }) => ({
    definition: { ...definition, options: changedOptions(definition.options, change) },
  }),
  describe: (_definition, object, { objects }) =>
    outcomeOf(
      ['created_on TIMESTAMP', 'name', 'kind'],
      objects
        .filter((one) => one.kind === 'SCHEMA' && isWithin(one, object))
        .map(({ createdAt, name }) => [createdAt, name, 'SCHEMA']),
    ),
  columns: [
    'created_on TIMESTAMP',
    'name',
    'is_default',
    'is_current',
    'origin',
    'owner',
    'comment',
    'options',
    'retention_time',
    'kind',
  ],
  row: ({ options, transient }, { name, createdAt }, { session }) => [
    createdAt,
    name,
    'N',
    session.database === name ? 'Y' : 'N',
    '',
    null,
    options.comment ?? null,
    transient ? 'TRANSIENT' : '',
    String(options.dataRetentionTimeInDays ?? 1),
    'STANDARD',
  ],
  whenMade: ({ name, createdAt }, situation) => {
    const object: CatalogObject = {
      kind: 'SCHEMA',
      database: name,
      schema: '',
      name: publicSchema,
      createdAt,
      dialect: 'snowflake',
      definition: {
        kind: 'create-schema',
        orReplace: false,
        ifNotExists: false,
        name: [{ text: publicSchema, quoted: false }],
        transient: false,
        options: {},
      },
    }
    return [...makeSchema(object, situation), { step: 'put', object }]
  },
  whenDropped: dropWithin,
  whenRenamed: moveWithin,
  inUse: (key, { session }) => ({ ...session, database: key.name, schema: publicSchema }),
})
