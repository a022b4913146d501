import type { DuckDBConnection } from '@duckdb/node-api'
import { readFileSync, readdirSync } from 'node:fs'
import { identifier, literal } from '../engines/duckdb.ts'
import { awsRegions } from '../log-type/aws-regions.ts'
import type { Column, LogType } from '../log-type/log-type.ts'

const functionsFolder = new URL('../functions/', import.meta.url)

/** A column of a stored table: what every row carries beside the log type's own columns, and how views show it. */
interface StoredColumn {
  readonly name: string
  readonly type: string
  /** Expression of the view; undefined for what the view hides. */
  readonly shown: string | undefined
}

/** Values kept free in an enum of an unknown future: `ENUM` needs one value at least. */
const noValues = ['']

function enumType(values: readonly string[]): string {
  return `enum (${(values.length > 0 ? values : noValues).map(literal).join(', ')})`
}

const sqlTypes = {
  text: 'varchar',
  tag: 'varchar',
  address: 'varchar',
  uri: 'varchar',
  integer: 'integer',
  bigint: 'bigint',
  epoch: 'timestamp',
  'clf-time': 'timestamp',
} as const

function storedColumn(type: LogType, column: Column): StoredColumn {
  const name = identifier(column.name)
  const shown = type.viewExpressions?.[column.name]
  // An enum is stored for speed and shown as text: what it compares with need not be one of its values.
  if (column.kind === 'enum')
    return { name: column.name, type: enumType(column.values ?? []), shown: shown ?? `${name}::varchar` }
  return { name: column.name, type: sqlTypes[column.kind], shown: shown ?? name }
}

/** The columns of a log type's table in schema `lake`. */
function storedColumns(type: LogType): readonly StoredColumn[] {
  return [
    // Rises with every commit: streams read ranges of it.
    { name: '_load_id', type: 'bigint not null', shown: undefined },
    { name: '_file_id', type: 'integer not null', shown: undefined },
    { name: '_line', type: 'bigint not null', shown: undefined },
    ...type.columns.map((column) => storedColumn(type, column)),
    { name: 'extra', type: 'map(varchar, varchar)', shown: 'extra' },
    // As a number it loads faster than text by a tenth of all work on default-format flow logs.
    { name: 'path_account_id', type: 'bigint', shown: "lpad(path_account_id::varchar, 12, '0')" },
    { name: 'path_region', type: enumType(awsRegions), shown: 'path_region::varchar' },
  ]
}

function viewStatement(type: LogType): string {
  const shown = storedColumns(type).flatMap(({ name, shown: expression }) =>
    expression === undefined ? [] : [`${expression} as ${identifier(name)}`],
  )
  const derived = (type.derived ?? []).map(({ name, sql }) => `${sql} as ${identifier(name)}`)
  return `create or replace view logs.${identifier(type.table)} as select\n  ${[...shown, ...derived].join(',\n  ')}\nfrom lake.${identifier(type.table)}`
}

/** Creates what the log types need and adds columns that came with a newer Millrace. Runs at every open. */
export async function createLogTables(connection: DuckDBConnection, types: readonly LogType[]): Promise<void> {
  const reader = await connection.runAndReadAll(
    "select table_name || '.' || column_name from duckdb_columns() where schema_name = 'lake'",
  )
  const existing = new Set(reader.getRows().map((row) => String(row[0])))
  await connection.run('begin')
  for (const type of types) {
    const columns = storedColumns(type)
    const isNew = !existing.has(`${type.table}._load_id`)
    if (isNew)
      await connection.run(
        `create table lake.${identifier(type.table)} (${columns.map((column) => `${identifier(column.name)} ${column.type}`).join(', ')})`,
      )
    else {
      for (const column of columns.filter(({ name }) => !existing.has(`${type.table}.${name}`))) {
        await connection.run(
          `alter table lake.${identifier(type.table)} add column ${identifier(column.name)} ${column.type}`,
        )
      }
    }
  }
  await createFunctions(connection)
  for (const type of types) {
    await connection.run(viewStatement(type))
    for (const view of type.views ?? [])
      await connection.run(`create or replace view logs.${identifier(view.name)} as ${view.sql}`)
  }
  await connection.run('commit')
}

/** The SQL functions of `src/functions/`, one file an idea. */
async function createFunctions(connection: DuckDBConnection): Promise<void> {
  for (const file of readdirSync(functionsFolder)
    .filter((name) => name.endsWith('.sql'))
    .toSorted()) {
    await connection.run(readFileSync(new URL(file, functionsFolder), 'utf8'))
  }
}
