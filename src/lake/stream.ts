import type { StreamEntry } from '../api.ts'
import type { CatalogObject } from '../catalog/objects.ts'
import type { TaskLake } from './task.ts'
import { fold } from '../sql/execution/names.ts'
import { streamReaders } from '../sql/execution/stream-readers.ts'
import { taskDefinitions } from '../sql/execution/task-definition.ts'
import { printName } from '../sql/statement/name.ts'

/** All streams, in the order of their names. */
export async function listStreams({
  objects,
  states,
  query,
}: Pick<TaskLake, 'objects' | 'states' | 'query'>): Promise<StreamEntry[]> {
  const known = await objects()
  const tables = new Map(known.flatMap(tableOf))
  if (tables.size === 0) return []
  const readers = streamReaders([...tables.keys()], taskDefinitions(known, await states()))
  const result = await query<Omit<StreamEntry, 'tasks'>>(`
    select database_name || '.' || schema_name || '.' || name as name, table_name, mode, stale, stale_reason, has_data, read_to_load_id, comment,
      strftime(created_at, '%Y-%m-%dT%H:%M:%S.%gZ') as created_at
    from logs.streams order by 1`)
  return (await result.all()).map((row) => ({
    ...row,
    table_name: tables.get(row.name) ?? row.table_name,
    tasks: readers.get(row.name) ?? [],
  }))
}

/** The table of a stream as statements name it; the catalog has its full name. */
function tableOf({ definition, database, schema, name }: CatalogObject): [stream: string, table: string][] {
  if (definition.kind !== 'create-stream') return []
  const [, within, table = ''] = definition.on.name.map(fold)
  const shown = within === 'LOGS' ? `logs.${table.toLowerCase()}` : printName(definition.on.name)
  return [[`${database}.${schema}.${name}`, shown]]
}
