import { identifier, literal } from '../engines/duckdb.ts'
import type { LogType } from '../log-type/log-type.ts'
import { logTypes } from '../log-type/registry.ts'
import type { ScopeReader } from '../sql/scope.ts'
import { filedDays } from './filed-days.ts'
import { madeViews, type PortableView } from './log-views.ts'

/** The views of a log type whose objects AWS files by the day. */
interface FiledViews {
  readonly table: string
  readonly filedWithinHours: number
  /** Columns that the view of the table has on Athena. */
  readonly columns: ReadonlySet<string>
  /** Views over that one. */
  readonly made: readonly PortableView[]
}

/** The database that the views are in. */
interface AthenaViews {
  readonly database: string
  /** The columns of text that a view has there. */
  readonly columnsOf: (view: string) => Promise<ReadonlySet<string>>
}

/**
 * How a scope narrows views on Athena: also to the days of a range, where the view that is deployed has columns of its partitions. Columns are
 * asked only of what is in `read`, the names of the views that a statement reads.
 */
export async function athenaReader(
  read: readonly string[],
  { database, columnsOf }: AthenaViews,
): Promise<ScopeReader> {
  // With the database: in a view that is written out, the name alone would mean the CTE that takes the place of the other view.
  const whole = (name: string): string => `${identifier(database)}.${identifier(name)}`
  const filed: FiledViews[] = []
  for (const type of logTypes) {
    const { table, filedWithinHours } = type
    if (filedWithinHours === undefined || !namesOf(type).some((name) => read.includes(name))) continue
    filed.push({ table, filedWithinHours, columns: await columnsOf(table), made: await madeViews(type) })
  }
  return {
    hint: '',
    records: ({ name }, scope) => {
      for (const { table, filedWithinHours, columns, made } of filed) {
        const view = made.find((one) => one.name === name)
        if (name !== table && view === undefined) continue
        const days = filedDays(columns, scope, filedWithinHours)
        if (days.length === 0) break
        const records = `(select * from ${whole(table)} where ${days.join(' and ')})`
        // Such a view does not show its partitions, so it is written out over those.
        return view === undefined ? records : `(with ${identifier(table)} as ${records} ${view.sql})`
      }
      return whole(name)
    },
    // Trino compares no text with a number, and writes moments with their milliseconds.
    equals: ({ name, type }, value) =>
      type === 'TIMESTAMP'
        ? `${identifier(name)} = try_cast(${literal(value)} as timestamp)`
        : `cast(${identifier(name)} as varchar) = ${literal(value)}`,
  }
}

function namesOf({ table, views = [] }: LogType): string[] {
  return [table, ...views.map(({ name }) => name)]
}
