import type { DuckDBConnection } from '@duckdb/node-api'
import type { LogType } from '../log-type/log-type.ts'
import { type TableShape, enumType, widenTable } from './table-shape.ts'

/** The tables of log types as one transaction sees them: what it widened holds for others once it is committed and published. */
export class StoredTables {
  private readonly connection: DuckDBConnection
  private readonly committed: Map<string, TableShape>
  private readonly shapes: Map<string, TableShape>

  constructor(connection: DuckDBConnection, committed: Map<string, TableShape>) {
    this.connection = connection
    this.committed = committed
    this.shapes = new Map(committed)
  }

  has(type: LogType, column: string): boolean {
    return this.shapeOf(type).has(column)
  }

  /** SQL text as the type that the column is stored in. */
  cast(type: LogType, column: string, sql: string): string {
    const values = this.shapeOf(type).get(column)
    return values === undefined ? sql : `(${sql})::${enumType(values)}`
  }

  /** Makes room for columns that are filled, and for the values of those that are enums. */
  async widen(type: LogType, filled: ReadonlyMap<string, readonly string[]>): Promise<void> {
    this.shapes.set(type.table, await widenTable(this.connection, type, this.shapeOf(type), filled))
  }

  /** To be called after the commit. */
  publish(): void {
    for (const [table, shape] of this.shapes) this.committed.set(table, shape)
  }

  private shapeOf(type: LogType): TableShape {
    return this.shapes.get(type.table) ?? new Map()
  }
}
