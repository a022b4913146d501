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
import { integer, text } from '../statement/option-values.ts'
import { type Given, type ValuesOf, optionTable, printOptions, readOptions } from '../statement/options.ts'

/** Snowflake's manual, CREATE DATABASE; schemas take the same. */
export const databaseOptions = optionTable({
  dataRetentionTimeInDays: integer(0, 90),
  maxDataExtensionTimeInDays: integer(0, 90),
  defaultDdlCollation: text,
  comment: text,
})

export type DatabaseValues = ValuesOf<typeof databaseOptions>

/** Refused in both. */
export const databaseRefusals = { CLONE: 'there are no clones; make it new, or restore a backup' }

export interface CreateDatabase extends Creation {
  readonly kind: 'create-database'
  readonly transient: boolean
  readonly options: Given<DatabaseValues>
}

export interface AlterDatabase extends Alteration<Change<DatabaseValues> | Rename> {
  readonly kind: 'alter-database'
}

export const database: StatementKind<CreateDatabase | AlterDatabase> = {
  begins: {
    'CREATE DATABASE': (reader, head) => {
      const creation = readCreation(reader, head, ['TRANSIENT'])
      const options = readOptions(reader, databaseOptions, { refused: databaseRefusals }).values
      return { kind: 'create-database', ...creation, transient: head.modifiers.length > 0, options }
    },
    'ALTER DATABASE': (reader) => ({
      kind: 'alter-database',
      ...readAlteration(reader, (inner) => readChangeOrName(inner, databaseOptions)),
    }),
  },
  print: {
    'create-database': (statement) =>
      printLines(
        printCreation('DATABASE', statement, statement.transient ? ['TRANSIENT'] : []),
        printOptions(databaseOptions, statement.options),
      ),
    'alter-database': (statement) =>
      printAlteration('DATABASE', statement, (change) => printChange(databaseOptions, change)),
  },
}
