import type { DuckDBConnection } from '@duckdb/node-api'
import { DuckDBListValue } from '@duckdb/node-api'
import { identifier, literal } from '../../engines/duckdb.ts'

/** A partition that was registered. */
export interface Partition {
  /** As Hive names folders: `dt=2026-11-21/hour=07`. */
  readonly name: string
  readonly values: readonly string[]
  /** A folder, with its last slash. */
  readonly location: string
}

/** The partitions of a table, in the order of their names. */
export async function readPartitions(connection: DuckDBConnection, table: string): Promise<Partition[]> {
  const reader = await connection.runAndReadAll(
    `select name, partition_values, location from lake.partitions where table_name = ${literal(table)} order by name`,
  )
  return reader.getRows().map(([name, values, location]) => ({
    name: String(name),
    values: values instanceof DuckDBListValue ? values.items.map(String) : [],
    location: String(location),
  }))
}

/** Registers a partition. Part of the caller's transaction. */
export async function addPartition(
  connection: DuckDBConnection,
  table: string,
  { name, values, location }: Partition,
): Promise<void> {
  const list = values.map(literal).join(', ')
  await connection.run(
    `insert into lake.partitions values (${literal(table)}, ${literal(name)}, [${list}], ${literal(location)}, current_localtimestamp())`,
  )
}

/** Forgets a partition with the rows of its files, so that it takes them again if it comes back. `root` is what their URIs begin with. */
export async function dropPartition(
  connection: DuckDBConnection,
  table: string,
  { name }: Partition,
  root: string,
): Promise<void> {
  const files = `select file_id from lake.objects where table_name = ${literal(table)} and starts_with(uri, ${literal(root)})`
  await connection.run(`delete from lake.${identifier(table)} where _file_id in (${files})`)
  await connection.run(`delete from lake.rejects where table_name = ${literal(table)} and file_id in (${files})`)
  await connection.run(
    `delete from lake.objects where table_name = ${literal(table)} and starts_with(uri, ${literal(root)})`,
  )
  await connection.run(`delete from lake.partitions where table_name = ${literal(table)} and name = ${literal(name)}`)
}

/** Values as the folder that Hive would make for them; what cannot stand in its name is written as its code. */
export function partitionName(columns: readonly string[], values: readonly string[]): string {
  return columns.map((column, index) => `${column}=${folderText(values[index] ?? '')}`).join('/')
}

function folderText(value: string): string {
  return value.replaceAll(
    // eslint-disable-next-line no-control-regex
    /[\u0000-\u001f"#%'*/:=?\\\u007f{[\]^]/g,
    (character) => `%${(character.codePointAt(0) ?? 0).toString(16).toUpperCase().padStart(2, '0')}`,
  )
}

/** What a folder's name stands for. */
export function valueOfFolder(text: string): string {
  return text.replaceAll(/%([0-9A-Fa-f]{2})/g, (_, code: string) => String.fromCharCode(Number.parseInt(code, 16)))
}
