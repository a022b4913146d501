import { Worker } from 'node:worker_threads'
import { MillraceError } from '../errors.ts'
import type { ParseJob, ParsedFile } from './parse-files.ts'
import type { FromWorker, ToWorker } from './parse-worker.ts'
import type { Segment } from './segment.ts'
import { builtFolder } from '../program.ts'

/** Parsing makes few objects: beside the usual 48 MB this saves 20 MB a worker, and no time is lost. */
const maxYoungGenerationSizeMb = 4

/** Receives a job's segments as they come; `taken` lets the worker hand over another. */
export type SegmentSink = (segment: Segment, taken: () => void) => void

interface Task {
  readonly job: ParseJob
  readonly onSegment: SegmentSink
  resolve(files: readonly ParsedFile[]): void
  reject(error: unknown): void
}

const workerUrl = new URL('loading/parse-worker.js', builtFolder)

/** Worker threads that read files. Each does one job at a time; a worker that dies fails its job and is replaced. */
export class ParserPool {
  private readonly size: number
  private readonly idle: Worker[] = []
  private readonly busy = new Map<Worker, Task>()
  private readonly waiting: Task[] = []

  constructor(size: number) {
    this.size = size
  }

  /** Runs a job when a worker is free; rejects when the whole job failed, by a fault that is not one file's. */
  run(job: ParseJob, onSegment: SegmentSink): Promise<readonly ParsedFile[]> {
    return new Promise((resolve, reject) => {
      this.waiting.push({ job, onSegment, resolve, reject })
      this.dispatch()
    })
  }

  async close(): Promise<void> {
    const workers = [...this.idle, ...this.busy.keys()]
    this.idle.length = 0
    await Promise.all(workers.map((worker) => worker.terminate()))
  }

  private dispatch(): void {
    while (this.waiting.length > 0 && (this.idle.length > 0 || this.busy.size < this.size)) {
      const worker = this.idle.pop() ?? this.start()
      const task = this.waiting.shift()
      if (task === undefined) break
      this.busy.set(worker, task)
      this.send(worker, { kind: 'job', job: task.job })
    }
  }

  private start(): Worker {
    const worker = new Worker(workerUrl, { resourceLimits: { maxYoungGenerationSizeMb } })
    worker.unref()
    worker.on('message', (message: FromWorker) => {
      this.receive(worker, message)
    })
    worker.on('error', (error) => {
      this.release(worker)?.reject(error)
    })
    worker.on('exit', (code) => {
      const task = this.release(worker)
      task?.reject(new MillraceError('INTERNAL', `A parser stopped with code ${code}.`))
      if (task !== undefined) this.dispatch()
    })
    return worker
  }

  private receive(worker: Worker, message: FromWorker): void {
    const task = this.busy.get(worker)
    if (message.kind === 'segment') {
      task?.onSegment(message.segment, () => {
        this.send(worker, { kind: 'credit' })
      })
      return
    }
    this.release(worker)
    this.idle.push(worker)
    if (message.kind === 'done') task?.resolve(message.files)
    else
      task?.reject(Object.assign(new Error(message.message), message.code === undefined ? {} : { code: message.code }))
    this.dispatch()
  }

  private release(worker: Worker): Task | undefined {
    const task = this.busy.get(worker)
    this.busy.delete(worker)
    return task
  }

  private send(worker: Worker, message: ToWorker): void {
    worker.postMessage(message)
  }
}
