import type { Lake } from '../api.ts'
import type { View } from './scope.ts'

interface ColumnRow {
  readonly view: string
  readonly name: string
  readonly type: string
}

const statement = `
  select table_name as view, column_name as name, data_type as type
  from duckdb_columns()
  where schema_name = 'logs'
  order by table_name, column_index`

/** The views in schema `logs`, with their columns. */
export async function readViews(lake: Pick<Lake, 'query'>): Promise<View[]> {
  const rows = await (await lake.query<ColumnRow>(statement)).all()
  const views = new Map<string, ColumnRow[]>()
  for (const row of rows) views.set(row.view, [...(views.get(row.view) ?? []), row])
  return [...views].map(([name, columns]) => ({
    name,
    columns: columns.map((column) => ({ name: column.name, type: column.type })),
    time: timeColumn(columns),
  }))
}

/** Flow logs have a start and an end: a record belongs to the range that its start lies in. */
function timeColumn(columns: readonly ColumnRow[]): string | undefined {
  const times = columns.filter((column) => column.type === 'TIMESTAMP')
  return (times.find((column) => column.name.toLowerCase() === 'start') ?? times[0])?.name
}
