import { randomUUID } from 'node:crypto'
import type { Lake } from '../api.ts'

/**
 * Names the state of a lake's data: the same name means the same rows. Every commit of a load raises `load_id`, every
 * other that writes rows or moves a stream what is kept of that, and another view or function has another hash; what changes rows without that (a replay, a restore) runs inside `changing`, and while it does there is no version.
 */
export class DataVersion {
  private readonly lake: Lake
  private epoch = randomUUID()
  private changes = 0
  private reading: Promise<string | undefined> | undefined
  private next: Promise<string | undefined> | undefined

  constructor(lake: Lake) {
    this.lake = lake
  }

  /**
   * Read it before the statement whose result it shall name: a commit in between then makes the result newer than its name, never older.
   * Who asks while a reading runs waits for the next one, which has seen every commit before the asking.
   */
  read(): Promise<string | undefined> {
    if (this.reading === undefined) return this.begin()
    this.next ??= this.reading.catch(() => undefined).then(() => this.begin())
    return this.next
  }

  private begin(): Promise<string | undefined> {
    this.next = undefined
    const reading = this.readNow().finally(() => {
      if (this.reading === reading) this.reading = undefined
    })
    this.reading = reading
    return reading
  }

  private async readNow(): Promise<string | undefined> {
    if (this.changes > 0) return undefined
    const epoch = this.epoch
    const result = await this.lake.query<{ load_id: number; written: string; made_from: string }>(
      `select coalesce(max(load_id), 0)::bigint as load_id, coalesce((select max(fingerprint) from lake.relations_made_from), '') as made_from,
        (select concat_ws(' ', sum(inserted_by), sum(changed_by)) from lake.table_changes) || ' ' ||
        (select concat_ws(' ', count(*), sum(position), count(initial_to)) from lake.streams) as written
      from logs.load_history`,
    )
    const [row] = await result.all()
    return this.changes > 0 ? undefined : `${epoch}.${row?.load_id ?? 0}.${row?.written ?? ''}.${row?.made_from ?? ''}`
  }

  async changing<T>(change: () => Promise<T>): Promise<T> {
    this.changes++
    try {
      return await change()
    } finally {
      this.epoch = randomUUID()
      this.changes--
    }
  }
}
