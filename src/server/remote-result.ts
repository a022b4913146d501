import type { z } from 'zod'
import type { QueryResult, ResultColumn } from '../api.ts'
import { MillraceError } from '../errors.ts'
import { columnsLineShape, queryLineShape } from './answers.ts'
import type { ServerConnection } from './connection.ts'
import { unpackRow } from './wire-rows.ts'

/** The rows of a query that a server runs. Giving them up closes the request, and the server stops the query. */
export class RemoteResult<Row extends object> implements QueryResult<Row> {
  readonly columns: readonly ResultColumn[]
  readonly notices: readonly string[]
  truncated = false
  private readonly server: ServerConnection
  private readonly lines: AsyncGenerator<unknown, void>
  private readonly controller: AbortController

  private constructor(
    server: ServerConnection,
    { columns, notices = [] }: z.output<typeof columnsLineShape>,
    lines: AsyncGenerator<unknown, void>,
    controller: AbortController,
  ) {
    this.server = server
    this.columns = columns
    this.notices = notices
    this.lines = lines
    this.controller = controller
  }

  /** Sends a query, and resolves when its rows begin. */
  static async start<Row extends object>(
    server: ServerConnection,
    body: object,
    signal: AbortSignal | undefined,
  ): Promise<RemoteResult<Row>> {
    const controller = new AbortController()
    if (signal?.aborted === true) controller.abort()
    signal?.addEventListener('abort', () => {
      controller.abort()
    })
    const lines = await server.lines({
      method: 'POST',
      path: '/query',
      body,
      signal: controller.signal,
      whenCancelled: 'The query was cancelled.',
    })
    const first = await lines.next()
    const head = server.check(columnsLineShape, first.done === true ? undefined : first.value)
    return new RemoteResult<Row>(server, head, lines, controller)
  }

  cancel(): void {
    this.controller.abort()
  }

  async all(): Promise<Row[]> {
    const rows: Row[] = []
    for await (const row of this) rows.push(row)
    return rows
  }

  // What a row's type says is the caller's promise: only the caller's SQL knows it.
  private row(values: readonly unknown[]): Row
  private row(values: readonly unknown[]): object {
    return unpackRow(this.columns, values)
  }

  async *[Symbol.asyncIterator](): AsyncGenerator<Row> {
    for await (const value of this.lines) {
      const line = this.server.check(queryLineShape, value)
      if ('error' in line) throw this.server.failure(line)
      if ('done' in line) {
        this.truncated = line.truncated
        return
      }
      for (const values of line.rows) yield this.row(values)
    }
    throw new MillraceError('SERVER_REFUSED', 'The server ended the rows without saying that they are all.')
  }
}
