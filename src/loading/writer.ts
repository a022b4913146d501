import type { DuckDBConnection } from '@duckdb/node-api'
import { until } from '../aws/timing.ts'
import { type TableShape, readShape } from '../catalog/table-shape.ts'
import type { Engine } from '../engines/duckdb.ts'
import { logTypes } from '../log-type/registry.ts'

/** The one writing connection of a lake: transactions take turns, and the ids they hand out rise in the order of their commits. */
export class Writer {
  readonly connection: DuckDBConnection
  /** How much work has been done: what was read of the lake at the same number still holds. */
  worksDone = 0
  /** How often the catalog of objects and columns may have changed: what was read of it at the same number still holds. */
  catalogVersion = 0
  /** What each stored table has room for, as of the last commit. */
  readonly shapes: Map<string, TableShape>
  private nextFile: number
  private nextLoad: number
  private turn: Promise<unknown> = Promise.resolve()
  private isCatalogChanged = false

  private constructor(
    connection: DuckDBConnection,
    nextFile: number,
    nextLoad: number,
    shapes: Map<string, TableShape>,
  ) {
    this.connection = connection
    this.nextFile = nextFile
    this.nextLoad = nextLoad
    this.shapes = shapes
  }

  static async open(engine: Engine): Promise<Writer> {
    const connection = await engine.connect()
    const ids = await connection.runAndReadAll(`
      select coalesce(max(file_id), 0) + 1, greatest(
        coalesce(max(load_id), 0),
        (select coalesce(max(load_id), 0) from lake.rejects),
        (select coalesce(max(greatest(inserted_by, changed_by)), 0) from lake.table_changes),
        (select coalesce(max(position), 0) from lake.streams)
      ) + 1
      from lake.objects`)
    const [file, load] = ids.getRows()[0] ?? [1, 1]
    const shapes = new Map<string, TableShape>()
    for (const type of logTypes) shapes.set(type.table, await readShape(connection, type))
    return new Writer(connection, Number(file), Number(load), shapes)
  }

  /** An id for a file about to be read. Ids of files that are not committed stay unused. */
  nextFileId(): number {
    return this.nextFile++
  }

  /** The id of the commit that the current transaction will make. Only inside `exclusive`. */
  nextLoadId(): number {
    return this.nextLoad++
  }

  /** Runs `work` when no other work is under way. A signal that is aborted before then ends the waiting, with its reason; what has begun goes on to its end. */
  async exclusive<T>(work: (connection: DuckDBConnection) => Promise<T>, signal?: AbortSignal): Promise<T> {
    const before = this.turn
    const result = before
      .then(() => {
        signal?.throwIfAborted()
        return work(this.connection)
      })
      .finally(() => {
        this.worksDone += 1
        if (this.isCatalogChanged) this.catalogVersion += 1
        this.isCatalogChanged = false
      })
    this.turn = result.catch(() => undefined)
    await until(signal, before)
    return result
  }

  /** Runs `work`, which may change the catalog, as one transaction: all of it is kept, or nothing. */
  transaction<T>(work: (connection: DuckDBConnection) => Promise<T>, signal?: AbortSignal): Promise<T> {
    return this.rowTransaction((connection) => {
      this.changesCatalog()
      return work(connection)
    }, signal)
  }

  /** A transaction that changes rows, and what is kept of streams, pipes and tasks; objects and columns only where `changesCatalog` is called within. */
  rowTransaction<T>(work: (connection: DuckDBConnection) => Promise<T>, signal?: AbortSignal): Promise<T> {
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
    }, signal)
  }

  /** To be called by work that changes the catalog, before it ends. */
  changesCatalog(): void {
    this.isCatalogChanged = true
  }
}
