import type { PlannedObject } from './plan.ts'

/** Sizes that bound spool and memory, and keep both cores busy; measured in bench/RESULTS.md. */
const JOB_FILES = 4000
const JOBS_IN_BATCH = 10
/** Bytes of log text that commit together unless the caller says otherwise. */
export const COMMIT_BYTES = 640 << 20
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

/** Groups objects into jobs and jobs into batches of about `commitBytes` of text. Pure; the order stays. */
export function* planBatches(objects: Iterable<PlannedObject>, commitBytes: number): Generator<BatchPlan> {
  const jobLimit = commitBytes / JOBS_IN_BATCH
  let job: PlannedObject[] = []
  let jobBytes = 0
  let batch: JobPlan[] = []
  let batchBytes = 0
  for (const planned of objects) {
    const bytes = weight(planned)
    if (job.length > 0 && (jobBytes + bytes > jobLimit || job.length >= JOB_FILES)) {
      batch.push(job)
      job = []
      jobBytes = 0
      if (batchBytes + bytes > commitBytes) {
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
