import type { UserColumn } from '../../catalog/user-tables.ts'
import type { Dialect } from '../dialects.ts'
import { failed } from '../execution/failure.ts'
import type { TableColumn } from '../statement/columns.ts'
import type { ExternalFiles } from '../statement/external-files.ts'
import { projectionIn } from './projection.ts'

/** Hive's types, as Athena's DDL names them: what the engine and what Trino call them. */
const types: Readonly<Record<string, { readonly engine: string; readonly trino: string }>> = {
  TINYINT: { engine: 'tinyint', trino: 'tinyint' },
  SMALLINT: { engine: 'smallint', trino: 'smallint' },
  INT: { engine: 'integer', trino: 'integer' },
  INTEGER: { engine: 'integer', trino: 'integer' },
  BIGINT: { engine: 'bigint', trino: 'bigint' },
  FLOAT: { engine: 'float', trino: 'real' },
  DOUBLE: { engine: 'double', trino: 'double' },
  BOOLEAN: { engine: 'boolean', trino: 'boolean' },
  STRING: { engine: 'varchar', trino: 'varchar' },
  VARCHAR: { engine: 'varchar', trino: 'varchar' },
  DATE: { engine: 'date', trino: 'date' },
  TIMESTAMP: { engine: 'timestamp', trino: 'timestamp(3)' },
  BINARY: { engine: 'blob', trino: 'varbinary' },
}

/** A type of Hive's elsewhere; undefined where there is none. */
export function typeIn(place: 'engine' | 'trino', type: string): string | undefined {
  const [, word = '', parameters = ''] = /^(\w+)(\([\d, ]+\))?$/.exec(type) ?? []
  if (word === 'DECIMAL' || word === 'VARCHAR') {
    if (word === 'VARCHAR' && place === 'engine') return 'varchar'
    return `${word.toLowerCase()}${word === 'DECIMAL' && parameters === '' ? '(10, 0)' : parameters}`
  }
  return parameters === '' && Object.hasOwn(types, word) ? types[word]?.[place] : undefined
}

/** The columns of an external table, as the engine is told of them: first those of its files, then those that it is partitioned by. */
export function externalColumns(
  columns: readonly TableColumn[],
  { partitionedBy }: Pick<ExternalFiles, 'partitionedBy'>,
): UserColumn[] {
  return [...columns, ...partitionedBy].map(({ name: { text }, type }) => ({
    name: text,
    exactName: text,
    type: typeIn('engine', type) ?? 'varchar',
    notNull: false,
    default: undefined,
  }))
}

/** Refuses what an external table cannot be. */
export function checkExternal(
  columns: readonly TableColumn[],
  external: ExternalFiles,
  table: string,
  dialect: Dialect,
): void {
  if (dialect !== 'athena')
    throw failed(`CREATE EXTERNAL TABLE is Athena's; say --dialect athena, or make a stage and COPY INTO a table`)
  const unknown = [...columns, ...external.partitionedBy].find(({ type }) => typeIn('engine', type) === undefined)
  if (unknown !== undefined)
    throw failed(
      `column ${unknown.name.text} of table ${table} has the type ${unknown.type.toLowerCase()}, which is not known here; take ${Object.keys(types).join(', ').toLowerCase()} or decimal(p, s)`,
    )
  headerLines(external)
  if (propertyOf(external, 'skip.footer.line.count') !== undefined)
    throw failed(`table ${table} has the property skip.footer.line.count, which is not known here; leave it out`)
  projectionIn(external)
}

/** The lines at the beginning of each file that are no rows. */
export function headerLines(external: Pick<ExternalFiles, 'properties'>): number {
  const text = propertyOf(external, 'skip.header.line.count') ?? '0'
  const lines = Number(text)
  if (!Number.isInteger(lines) || lines < 0)
    throw failed(`skip.header.line.count expects a whole number, found ${text}`)
  return lines
}

function propertyOf({ properties }: Pick<ExternalFiles, 'properties'>, name: string): string | undefined {
  return Object.entries(properties).find(([key]) => key.toLowerCase() === name)?.[1]
}
