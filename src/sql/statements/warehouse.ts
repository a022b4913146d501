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
import { boolean, choice, integer, name, orNull, text } from '../statement/option-values.ts'
import { type Given, type ValuesOf, optionTable, printOptions, readOptions } from '../statement/options.ts'
import type { Reader } from '../statement/reader.ts'

/** Every spelling in Snowflake's manual, CREATE WAREHOUSE; those with a hyphen are written in quotes there. */
export const warehouseSize = choice(
  ['XSMALL', 'SMALL', 'MEDIUM', 'LARGE', 'XLARGE', 'XXLARGE', 'XXXLARGE', 'X4LARGE', 'X5LARGE', 'X6LARGE'],
  {
    'X-SMALL': 'XSMALL',
    'X-LARGE': 'XLARGE',
    X2LARGE: 'XXLARGE',
    'XX-LARGE': 'XXLARGE',
    '2X-LARGE': 'XXLARGE',
    '2XLARGE': 'XXLARGE',
    X3LARGE: 'XXXLARGE',
    'XXX-LARGE': 'XXXLARGE',
    '3X-LARGE': 'XXXLARGE',
    '3XLARGE': 'XXXLARGE',
    '4X-LARGE': 'X4LARGE',
    '4XLARGE': 'X4LARGE',
    '5X-LARGE': 'X5LARGE',
    '5XLARGE': 'X5LARGE',
    '6X-LARGE': 'X6LARGE',
    '6XLARGE': 'X6LARGE',
  },
)

/** Snowflake's manual, CREATE WAREHOUSE. */
export const warehouseOptions = optionTable({
  warehouseType: choice(['STANDARD', 'SNOWPARK-OPTIMIZED']),
  warehouseSize,
  generation: choice(['1', '2']),
  resourceConstraint: choice([
    'STANDARD_GEN_1',
    'STANDARD_GEN_2',
    'MEMORY_1X',
    'MEMORY_1X_X86',
    'MEMORY_16X',
    'MEMORY_16X_X86',
    'MEMORY_64X',
    'MEMORY_64X_X86',
  ]),
  maxClusterCount: integer(1),
  minClusterCount: integer(1),
  scalingPolicy: choice(['STANDARD', 'ECONOMY']),
  autoSuspend: orNull(integer()),
  autoResume: boolean,
  initiallySuspended: boolean,
  resourceMonitor: name,
  enableQueryAcceleration: boolean,
  queryAccelerationMaxScaleFactor: integer(0, 100),
  maxConcurrencyLevel: integer(1),
  statementQueuedTimeoutInSeconds: integer(),
  statementTimeoutInSeconds: integer(),
  comment: text,
})

type Values = ValuesOf<typeof warehouseOptions>

export interface CreateWarehouse extends Creation {
  readonly kind: 'create-warehouse'
  readonly options: Given<Values>
}

export type WarehouseChange =
  | Change<Values>
  | Rename
  | { readonly action: 'suspend' }
  | { readonly action: 'resume'; readonly ifSuspended: boolean }
  | { readonly action: 'abort-all-queries' }

export interface AlterWarehouse extends Alteration<WarehouseChange> {
  readonly kind: 'alter-warehouse'
}

function readWarehouseChange(reader: Reader): WarehouseChange {
  if (reader.takeWords('SUSPEND')) return { action: 'suspend' }
  if (reader.takeWords('RESUME')) return { action: 'resume', ifSuspended: reader.takeWords('IF', 'SUSPENDED') }
  if (reader.takeWords('ABORT', 'ALL', 'QUERIES')) return { action: 'abort-all-queries' }
  return readChangeOrName(reader, warehouseOptions, ['SUSPEND', 'RESUME', 'ABORT ALL QUERIES'])
}

function printWarehouseChange(change: WarehouseChange): string {
  switch (change.action) {
    case 'suspend':
      return 'SUSPEND'
    case 'resume':
      return change.ifSuspended ? 'RESUME IF SUSPENDED' : 'RESUME'
    case 'abort-all-queries':
      return 'ABORT ALL QUERIES'
    case 'set':
    case 'unset':
    case 'rename':
      return printChange(warehouseOptions, change)
  }
}

export const warehouse: StatementKind<CreateWarehouse | AlterWarehouse> = {
  begins: {
    'CREATE WAREHOUSE': (reader, head) => {
      const creation = readCreation(reader, head)
      reader.takeWords('WITH')
      return { kind: 'create-warehouse', ...creation, options: readOptions(reader, warehouseOptions).values }
    },
    'ALTER WAREHOUSE': (reader) => ({ kind: 'alter-warehouse', ...readAlteration(reader, readWarehouseChange) }),
  },
  print: {
    'create-warehouse': (statement) =>
      printLines(printCreation('WAREHOUSE', statement), printOptions(warehouseOptions, statement.options)),
    'alter-warehouse': (statement) => printAlteration('WAREHOUSE', statement, printWarehouseChange),
  },
}
