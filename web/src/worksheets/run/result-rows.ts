import { parseJson } from '../../../../src/server/json.ts'
import { type Cell, lineShape } from '../../api/query.ts'

interface Batch {
  readonly first: number
  readonly count: number
  readonly line: Uint8Array<ArrayBuffer>
}

const keptBatches = 24

/** Bytes of an answer that are kept; a result beyond is cut. */
export const maxBytes = 512 * 1024 * 1024

/**
 * The rows of a result as the lines they came in: a million rows as objects would take gigabytes, and only some dozens are ever in
 * sight. The lines looked at last are kept read.
 */
export class ResultRows {
  count = 0
  bytes = 0
  private readonly batches: Batch[] = []
  private readonly read = new Map<Batch, readonly (readonly Cell[])[]>()
  private readonly decoder = new TextDecoder()

  /** Adds a line that holds so many rows. */
  add(line: Uint8Array<ArrayBuffer>, count: number): void {
    this.batches.push({ first: this.count, count, line })
    this.count += count
    this.bytes += line.byteLength
  }

  row(index: number): readonly Cell[] | undefined {
    const batch = this.batchOf(index)
    return batch === undefined ? undefined : this.rowsOf(batch)[index - batch.first]
  }

  /** The first rows, so many at most. */
  first(most: number): readonly (readonly Cell[])[] {
    const rows: (readonly Cell[])[] = []
    for (const batch of this.batches) {
      if (rows.length >= most) break
      rows.push(...this.parse(batch).slice(0, most - rows.length))
    }
    return rows
  }

  /** All rows, a batch at a time. */
  *all(): Generator<readonly (readonly Cell[])[]> {
    for (const batch of this.batches) yield this.parse(batch)
  }

  private batchOf(index: number): Batch | undefined {
    let [low, high] = [0, this.batches.length]
    while (low < high) {
      const middle = (low + high) >> 1
      const batch = this.batches[middle]
      if (batch !== undefined && batch.first + batch.count <= index) low = middle + 1
      else high = middle
    }
    return index < 0 ? undefined : this.batches[low]
  }

  private rowsOf(batch: Batch): readonly (readonly Cell[])[] {
    const found = this.read.get(batch)
    if (found !== undefined) return found
    const rows = this.parse(batch)
    this.read.set(batch, rows)
    const [oldest] = this.read.keys()
    if (this.read.size > keptBatches && oldest !== undefined) this.read.delete(oldest)
    return rows
  }

  private parse({ line }: Batch): readonly (readonly Cell[])[] {
    const read = lineShape.parse(parseJson(this.decoder.decode(line)))
    return 'rows' in read ? read.rows : []
  }
}
