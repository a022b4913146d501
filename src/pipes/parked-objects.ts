import type { DuckDBConnection } from '@duckdb/node-api'
import { type Parked, type ParkedVersion, park, readParked, removeParked } from './pipe-store.ts'

type Transaction = <T>(work: (connection: DuckDBConnection) => Promise<T>, signal?: AbortSignal) => Promise<T>

/** What one pipe has given up: kept in the lake, and known here from the first time that it is asked for. */
export class ParkedObjects {
  private readonly pipe: string
  private readonly transaction: Transaction
  private known: Promise<Map<string, ParkedVersion>> | undefined

  /** `pipe` is its name as one text. */
  constructor(pipe: string, transaction: Transaction) {
    this.pipe = pipe
    this.transaction = transaction
  }

  /** By URI. */
  versions(): Promise<ReadonlyMap<string, ParkedVersion>> {
    return this.all()
  }

  async add(parked: readonly Parked[]): Promise<void> {
    if (parked.length === 0) return
    const known = await this.all()
    await this.transaction((connection) => park(connection, this.pipe, parked))
    for (const { object, code } of parked)
      if (object !== undefined) known.set(object.uri, { version: object.version, code })
  }

  async remove(uris: readonly string[]): Promise<void> {
    if (uris.length === 0) return
    const known = await this.all()
    await this.transaction((connection) => removeParked(connection, this.pipe, uris))
    for (const uri of uris) known.delete(uri)
  }

  /** Notes what the commit of a load has removed. */
  forget(uris: readonly string[]): void {
    const forgetIn = (known: Map<string, ParkedVersion>): void => {
      for (const uri of uris) known.delete(uri)
    }
    this.known?.then(forgetIn, () => undefined)
  }

  /** Read once, also where several ask meanwhile: two maps would each know what the other does not. */
  private all(): Promise<Map<string, ParkedVersion>> {
    this.known ??= this.transaction((connection) => readParked(connection, this.pipe)).catch((error: unknown) => {
      this.known = undefined
      throw error
    })
    return this.known
  }
}
