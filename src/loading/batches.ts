import type { PlannedObject } from './plan.ts'

/** Sizes that bound spool and memory, and keep both cores busy; measured in bench/RESULTS.md. */
const JOB_BYTES = 16 << 20
const JOB_FILES = 4000
const BATCH_BYTES = 160 << 20
const BATCH_JOBS = 32
/** What a compressed file's bytes become, roughly. */
const SWELL = 6
/** Opening a file costs as much as reading this many bytes. */
const FILE_COST = 1500

/** Objects for one worker. */
export type JobPlan = readonly PlannedObject[]
/** Jobs that commit together. */
export type BatchPlan = readonly JobPlan[]

function weight({ object }: PlannedObject): number {
  return FILE_COST + (/\.(gz|zst|parquet)$/.test(object.uri) ? object.size * SWELL : object.size)
}

/** Groups objects into jobs and jobs into batches. Pure; the order stays. */
export function* planBatches(objects: Iterable<PlannedObject>): Generator<BatchPlan> {
  let job: PlannedObject[] = []
  let jobBytes = 0
  let batch: JobPlan[] = []
  let batchBytes = 0
  for (const planned of objects) {
    const bytes = weight(planned)
    if (job.length > 0 && (jobBytes + bytes > JOB_BYTES || job.length >= JOB_FILES)) {
      batch.push(job)
      job = []
      jobBytes = 0
      if (batchBytes >= BATCH_BYTES || batch.length >= BATCH_JOBS) {
        yield batch
        batch = []
        batchBytes = 0
      }
    }
    job.push(planned)
    jobBytes += bytes
    batchBytes += bytes
  }
  if (job.length > 0) batch.push(job)
  if (batch.length > 0) yield batch
}
