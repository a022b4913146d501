import {
  type Alteration,
  type Change,
  printAlteration,
  printChange,
  readAlteration,
  readChange,
} from '../statement/alter.ts'
import { type Creation, printCreation, printLines, readCreation } from '../statement/create.ts'
import type { StatementKind } from '../statement/kind.ts'
import { type ObjectName, printName, readName } from '../statement/name.ts'
import { boolean, text } from '../statement/option-values.ts'
import { type Given, type ValuesOf, optionTable, printOptions, readOptions } from '../statement/options.ts'

/** Snowflake's manual, CREATE STREAM. */
export const streamOptions = optionTable({ appendOnly: boolean, showInitialRows: boolean, comment: text })

type Values = ValuesOf<typeof streamOptions>

export interface CreateStream extends Creation {
  readonly kind: 'create-stream'
  readonly copyGrants: boolean
  readonly on: { readonly object: 'TABLE' | 'VIEW'; readonly name: ObjectName }
  readonly options: Given<Values>
}

export interface AlterStream extends Alteration<Change<Values>> {
  readonly kind: 'alter-stream'
}

const timeTravel = 'there is no time travel; a stream begins now, or with the rows of now by SHOW_INITIAL_ROWS = TRUE'
const refused = { AT: timeTravel, BEFORE: timeTravel, INSERT_ONLY: 'that is for external tables; take APPEND_ONLY' }

export const stream: StatementKind<CreateStream | AlterStream> = {
  begins: {
    'CREATE STREAM': (reader, head) => {
      const creation = readCreation(reader, head)
      const copyGrants = reader.takeWords('COPY', 'GRANTS')
      reader.expectWords('ON')
      const object = reader.takeWords('TABLE') ? 'TABLE' : 'VIEW'
      if (object === 'VIEW' && !reader.takeWords('VIEW')) throw reader.unexpected('TABLE or VIEW')
      const on = { object, name: readName(reader) } as const
      const options = readOptions(reader, streamOptions, { refused }).values
      return { kind: 'create-stream', ...creation, copyGrants, on, options }
    },
    'ALTER STREAM': (reader) => ({
      kind: 'alter-stream',
      ...readAlteration(reader, (inner) => readChange(inner, streamOptions)),
    }),
  },
  print: {
    'create-stream': (statement) =>
      printLines(printCreation('STREAM', statement), [
        ...(statement.copyGrants ? ['COPY GRANTS'] : []),
        `ON ${statement.on.object} ${printName(statement.on.name)}`,
        ...printOptions(streamOptions, statement.options),
      ]),
    'alter-stream': (statement) => printAlteration('STREAM', statement, (change) => printChange(streamOptions, change)),
  },
}
