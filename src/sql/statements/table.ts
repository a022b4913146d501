import { type TableColumn, printTableColumn, readList, readTableColumn } from '../statement/columns.ts'
import { type Creation, printCreation, printLines, readCreation } from '../statement/create.ts'
import type { StatementKind } from '../statement/kind.ts'
import { boolean, integer, text } from '../statement/option-values.ts'
import { type Given, type ValuesOf, optionTable, printOptions, readOptions } from '../statement/options.ts'
import type { Reader } from '../statement/reader.ts'

/** Snowflake's manual, CREATE TABLE: what is said behind the columns. */
export const tableOptions = optionTable({
  enableSchemaEvolution: boolean,
  dataRetentionTimeInDays: integer(0, 90),
  maxDataExtensionTimeInDays: integer(0, 90),
  changeTracking: boolean,
  defaultDdlCollation: text,
  comment: text,
})

/** A table with a column of type VARIANT; any other is the engine's. */
export interface CreateTable extends Creation {
  readonly kind: 'create-table'
  readonly lifetime: 'permanent' | 'temporary' | 'transient'
  readonly columns: readonly TableColumn[]
  readonly options: Given<ValuesOf<typeof tableOptions>>
}

const refused = {
  AS: 'a table with a VARIANT column is made from its columns; make it, then INSERT INTO it',
  CLUSTER: 'rows are kept as they come; leave CLUSTER BY out',
  COPY: 'there are no roles; leave COPY GRANTS out',
}

/** A column's type stands behind its name, and columns stand in the first brackets. */
function hasVariant(reader: Reader): boolean {
  let depth = 0
  for (let ahead = 0; ; ahead++) {
    const token = reader.peek(ahead)
    if (token === undefined) return false
    if (token.kind === 'word' && token.upper === 'VARIANT' && depth === 1) {
      const before = reader.peek(ahead - 2)
      if (before?.kind === 'symbol' && (before.text === '(' || before.text === ',')) return true
    }
    if (token.kind !== 'symbol') continue
    if (token.text === '(') depth += 1
    if (token.text === ')') depth -= 1
    if (token.text === ')' && depth === 0) return false
  }
}

const words = { permanent: [], temporary: ['TEMPORARY'], transient: ['TRANSIENT'] } as const

export const table: StatementKind<CreateTable> = {
  begins: {
    'CREATE TABLE': (reader, head) => {
      if (!hasVariant(reader)) return undefined
      const creation = readCreation(reader, head, ['TEMPORARY', 'TRANSIENT'])
      const columns = readList(reader, readTableColumn)
      const options = readOptions(reader, tableOptions, { refused }).values
      const lifetime = head.modifiers.includes('TEMPORARY')
        ? 'temporary'
        : head.modifiers.includes('TRANSIENT')
          ? 'transient'
          : 'permanent'
      return { kind: 'create-table', ...creation, lifetime, columns, options }
    },
  },
  print: {
    'create-table': (statement) => {
      const columns = statement.columns.map(printTableColumn).join(',\n  ')
      const head = printCreation('TABLE', statement, words[statement.lifetime])
      return printLines(`${head} (\n  ${columns}\n)`, printOptions(tableOptions, statement.options))
    },
  },
}
