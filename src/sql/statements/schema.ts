import {
  type Alteration,
  type Change,
  type Rename,
  printAlteration,
  printChange,
  readAlteration,
  readChangeOrName,
} from '../statement/alter.ts'
import { type Creation, printCreation, printLines, readCreation } from '../statement/create.ts'
import type { StatementKind } from '../statement/kind.ts'
import { type Given, printOptions, readOptions } from '../statement/options.ts'
import { type DatabaseValues, databaseOptions, databaseRefusals } from './database.ts'

export interface CreateSchema extends Creation {
  readonly kind: 'create-schema'
  readonly transient: boolean
  readonly options: Given<DatabaseValues>
}

export interface AlterSchema extends Alteration<Change<DatabaseValues> | Rename> {
  readonly kind: 'alter-schema'
}

const refused = { ...databaseRefusals, WITH: 'there are no roles, so no MANAGED ACCESS; leave it out' }

/** Snowflake's manual, CREATE SCHEMA. */
export const schema: StatementKind<CreateSchema | AlterSchema> = {
  begins: {
    'CREATE SCHEMA': (reader, head) => {
      const creation = readCreation(reader, head, ['TRANSIENT'])
      const options = readOptions(reader, databaseOptions, { refused }).values
      return { kind: 'create-schema', ...creation, transient: head.modifiers.length > 0, options }
    },
    'ALTER SCHEMA': (reader) => ({
      kind: 'alter-schema',
      ...readAlteration(reader, (inner) => readChangeOrName(inner, databaseOptions)),
    }),
  },
  print: {
    'create-schema': (statement) =>
      printLines(
        printCreation('SCHEMA', statement, statement.transient ? ['TRANSIENT'] : []),
        printOptions(databaseOptions, statement.options),
      ),
    'alter-schema': (statement) =>
      printAlteration('SCHEMA', statement, (change) => printChange(databaseOptions, change)),
  },
}
