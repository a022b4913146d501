import { parentPort } from 'node:worker_threads'
import { type ParseJob, type ParsedFile, parseFiles } from './parse-files.ts'
import type { Segment } from './segment.ts'
import { messageOf, systemCodeOf } from '../errors.ts'

/** What the loader sends: a job, or leave to hand over one more segment. */
export type ToWorker = { readonly kind: 'job'; readonly job: ParseJob } | { readonly kind: 'credit' }
/** What a worker answers. A crash is of the whole job: nothing of its segments may be taken. */
export type FromWorker =
  | { readonly kind: 'segment'; readonly segment: Segment }
  | { readonly kind: 'done'; readonly files: readonly ParsedFile[] }
  | { readonly kind: 'crashed'; readonly code: string | undefined; readonly message: string }

/** Segments handed over and not yet taken, beyond which a worker waits: it bounds the spool. */
const MAX_OUTSTANDING = 3

const port = parentPort
if (port !== null) {
  let outstanding = 0
  let wake: (() => void) | undefined
  const answer = (message: FromWorker): void => port.postMessage(message)
  const run = async (job: ParseJob): Promise<void> => {
    const onSegment = (segment: Segment): void => {
      outstanding++
      answer({ kind: 'segment', segment })
    }
    const breathe = async (): Promise<void> => {
      while (outstanding >= MAX_OUTSTANDING) {
        await new Promise<void>((resolve) => {
          wake = resolve
        })
      }
    }
    try {
      // Not every worker meets CSV or JSON: importing it takes a third of a worker's start.
      const read =
        job.records === undefined ? parseFiles : (await import('./text/read-record-files.ts')).readRecordFiles
      answer({ kind: 'done', files: await read(job, onSegment, breathe) })
    } catch (error) {
      answer({ kind: 'crashed', code: systemCodeOf(error), message: messageOf(error) })
    }
  }
  port.on('message', (message: ToWorker) => {
    if (message.kind === 'credit') {
      outstanding--
      wake?.()
      wake = undefined
    } else void run(message.job)
  })
}
