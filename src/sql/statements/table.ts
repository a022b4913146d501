import { type TableColumn, printTableColumn, readList, readTableColumn } from '../statement/columns.ts'
import { type Creation, printCreation, printLines, readCreation } from '../statement/create.ts'
import {
  type ExternalFiles,
  printExternalTable,
  readExternalFiles,
  readHiveColumns,
} from '../statement/external-files.ts'
import { hiveName } from '../statement/hive-text.ts'
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

/** A table by its columns. An external one has the rows of files that lie elsewhere; columns by which these are partitioned are not among its own. */
export interface CreateTable extends Creation {
  readonly kind: 'create-table'
  readonly lifetime: 'permanent' | 'temporary' | 'transient'
  readonly columns: readonly TableColumn[]
  readonly options: Given<ValuesOf<typeof tableOptions>>
  readonly external?: ExternalFiles
}

const refused = {
  AS: 'a table with columns of its own is made empty; make it, then INSERT INTO it',
  CLUSTER: 'rows are kept as they come; leave CLUSTER BY out',
  COPY: 'there are no roles; leave COPY GRANTS out',
}

/** Whether columns in brackets stand behind the name: a table that is made from a query is the engine's. */
function hasColumns(reader: Reader): boolean {
  for (let ahead = 0; ; ahead++) {
    const token = reader.peek(ahead)
    if (
      token === undefined ||
      (token.kind === 'word' && ['AS', 'LIKE', 'CLONE', 'USING', 'WITH'].includes(token.upper))
    )
      return false
    if (token.kind === 'symbol' && token.text === '(') return true
  }
}

const words = { permanent: [], temporary: ['TEMPORARY'], transient: ['TRANSIENT'] } as const

export const table: StatementKind<CreateTable> = {
  begins: {
    'CREATE TABLE': (reader, head) => {
      if (!hasColumns(reader)) return undefined
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
    'CREATE EXTERNAL TABLE': (reader, head) => {
      const creation = readCreation(reader, head)
      const columns = readHiveColumns(reader)
      const { comment, external } = readExternalFiles(reader, columns.length)
      const options = comment === undefined ? {} : { comment }
      const name = creation.name.map(hiveName)
      return { kind: 'create-table', ...creation, name, lifetime: 'permanent', columns, options, external }
    },
  },
  print: {
    'create-table': (statement) => {
      if (statement.external !== undefined) return printExternalTable({ ...statement, external: statement.external })
      const columns = statement.columns.map(printTableColumn).join(',\n  ')
      const head = printCreation('TABLE', statement, words[statement.lifetime])
      return printLines(`${head} (\n  ${columns}\n)`, printOptions(tableOptions, statement.options))
    },
  },
}
