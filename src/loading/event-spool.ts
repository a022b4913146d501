import { hash64 } from './hash64.ts'
import { writeRows } from './spool-rows.ts'
import type { LineEvent } from './unwrap.ts'

/** A spool file that says which lines are events of CloudWatch Logs: `_file_id`, `line`, `log_group` as a place in `groups`, `event_ms`, `id_hash`. */
export interface SpooledEvents {
  readonly path: string
  readonly groups: readonly string[]
}

/** The events among lines that are on their way into a segment. */
export class EventSpool {
  private readonly groups = new Map<string, number>()
  private fileIds: number[] = []
  private lines: number[] = []
  private groupPlaces: number[] = []
  private times: number[] = []
  private idHashes: bigint[] = []

  get isEmpty(): boolean {
    return this.lines.length === 0
  }

  add(fileId: number, events: readonly LineEvent[]): void {
    for (const { line, logGroup, timestampMs, id } of events) {
      const place = this.groups.get(logGroup) ?? this.groups.size
      this.groups.set(logGroup, place)
      this.fileIds.push(fileId)
      this.lines.push(line)
      this.groupPlaces.push(place)
      this.times.push(timestampMs)
      this.idHashes.push(hash64(id))
    }
  }

  /** Writes what it holds, and empties it. */
  write(path: string): SpooledEvents {
    const groups = [...this.groups.keys()]
    writeRows(path, [
      { name: '_file_id', type: 'int32', values: this.fileIds },
      { name: 'line', type: 'int64', values: this.lines },
      { name: 'log_group', type: 'int32', values: this.groupPlaces },
      { name: 'event_ms', type: 'int64', values: this.times },
      { name: 'id_hash', type: 'int64', values: this.idHashes },
    ])
    this.clear()
    return { path, groups }
  }

  clear(): void {
    this.groups.clear()
    this.fileIds = []
    this.lines = []
    this.groupPlaces = []
    this.times = []
    this.idHashes = []
  }
}
