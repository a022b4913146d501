import { type DuckDBConnection, DuckDBEnumType } from '@duckdb/node-api'
import { type Engine, identifier } from '../engines/duckdb.ts'
import { logTypes } from '../log-type/registry.ts'

/** The one writing connection of a lake: transactions take turns, and the ids they hand out rise in the order of their commits. */
export class Writer {
  readonly connection: DuckDBConnection
  /** Values of enum columns, by `table.column`, as of the last commit. */
  readonly enumValues: Map<string, readonly string[]>
  private nextFile: number
  private nextLoad: number
  private turn: Promise<unknown> = Promise.resolve()

  private constructor(
    connection: DuckDBConnection,
    nextFile: number,
    nextLoad: number,
    enumValues: Map<string, readonly string[]>,
  ) {
    this.connection = connection
    this.nextFile = nextFile
    this.nextLoad = nextLoad
    this.enumValues = enumValues
  }

  static async open(engine: Engine): Promise<Writer> {
    const connection = await engine.connect()
    const ids = await connection.runAndReadAll(`
      select coalesce(max(file_id), 0) + 1, greatest(coalesce(max(load_id), 0), (select coalesce(max(load_id), 0) from lake.rejects)) + 1 from lake.objects`)
    const [file, load] = ids.getRows()[0] ?? [1, 1]
    const enumValues = new Map<string, readonly string[]>()
    for (const { table } of logTypes) {
      const empty = await connection.runAndReadAll(`select * from lake.${identifier(table)} limit 0`)
      empty.columnNames().forEach((name, index) => {
        const type = empty.columnType(index)
        if (type instanceof DuckDBEnumType) enumValues.set(`${table}.${name}`, type.values)
      })
    }
    return new Writer(connection, Number(file), Number(load), enumValues)
  }

  /** An id for a file about to be read. Ids of files that are not committed stay unused. */
  nextFileId(): number {
    return this.nextFile++
  }

  /** The id of the commit that the current transaction will make. Only inside `exclusive`. */
  nextLoadId(): number {
    return this.nextLoad++
  }

  /** Runs `work` when no other work is under way. */
  exclusive<T>(work: (connection: DuckDBConnection) => Promise<T>): Promise<T> {
    const result = this.turn.then(() => work(this.connection))
    this.turn = result.catch(() => undefined)
    return result
  }

  /** Runs `work` as one transaction: all of it is kept, or nothing. */
  transaction<T>(work: (connection: DuckDBConnection) => Promise<T>): Promise<T> {
    return this.exclusive(async (connection) => {
      await connection.run('begin')
      try {
        const result = await work(connection)
        await connection.run('commit')
        return result
      } catch (error) {
        await connection.run('rollback').catch(() => undefined)
        throw error
      }
    })
  }
}
