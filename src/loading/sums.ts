import type { FileFault, LoadProgress, LoadSummary } from '../api.ts'
import type { BatchOutcome } from './load-batch.ts'

/** Faults that a summary names; history has them all. */
const MAX_FAULTS = 100

/** What a load comes to, batch by batch. */
export class Sums {
  files = 0
  filesTotal = 0
  skipped = 0
  failed = 0
  changed = 0
  rows = 0
  rejects = 0
  bytes = 0
  bytesTotal = 0
  readonly faults: FileFault[] = []
  private readonly started = performance.now()

  get seconds(): number {
    return Math.round(performance.now() - this.started) / 1000
  }

  add(outcome: BatchOutcome): void {
    for (const row of outcome.rows) {
      if (row.status === 'changed') {
        this.changed++
        continue
      }
      if (row.status === 'failed') this.failed++
      else this.files++
      this.rows += row.rows
      this.rejects += row.rejects
      this.bytes += row.bytes
    }
    this.faults.push(...outcome.faults.slice(0, MAX_FAULTS - this.faults.length))
  }

  progress(): LoadProgress {
    const { files, filesTotal, rows, rejects, bytes, bytesTotal, seconds } = this
    return { files: files + this.failed, filesTotal, rows, rejects, bytes, bytesTotal, seconds }
  }

  summary(): LoadSummary {
    const { files, rows, rejects, bytes, seconds, faults } = this
    return {
      files,
      skipped_files: this.skipped,
      failed_files: this.failed,
      changed_files: this.changed,
      rows,
      rejects,
      bytes,
      seconds,
      faults,
    }
  }
}
