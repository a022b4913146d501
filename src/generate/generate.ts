import { availableParallelism } from 'node:os'
import { mkdir } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { planAccessSample } from './access-sample.ts'
import type { LineCounts } from './file-lines.ts'
import { planFlowSample } from './flow-sample.ts'
import type { FileTruth, GroundTruth, Totals } from './ground-truth.ts'
import { LineBuffer } from './line-buffer.ts'
import { openParquetWriter } from './parquet.ts'
import type { SampleFile } from './sample.ts'
import { readSettings, type GenerateOptions, type Settings } from './settings.ts'
import { gzipWriter, placeFile, writePlain } from './write.ts'

export type { GenerateOptions } from './settings.ts'
export type { GroundTruth, Incident } from './ground-truth.ts'

export interface GenerateEffects {
  /** Epoch milliseconds. */
  now(): number
  /** Called as rows are written; both counts are rows. */
  progress?(done: number, total: number): void
}

/** Writes sample log files under a directory, and returns what a reader should find in them. */
export async function generate(
  dir: string,
  options: GenerateOptions,
  effects: GenerateEffects = { now: Date.now },
): Promise<GroundTruth> {
  const settings = readSettings(options, effects.now())
  const sample = settings.type === 'vpc-flow-logs' ? planFlowSample(settings) : planAccessSample(settings)
  const writer = await openWriter(settings)
  const files: FileTruth[] = []
  let nextIndex = 0
  let rowsDone = 0
  const folders = new Set<string>()
  try {
    const lanes = Array.from({ length: Math.min(sample.count, availableParallelism() + 1) }, writeFiles)
    const failed = (await Promise.allSettled(lanes)).find((lane) => lane.status === 'rejected')
    if (failed !== undefined) throw failed.reason
  } finally {
    writer.close()
  }
  return { files, ...sums(files), totals: orderedTotals(sample.totals), incidents: sample.incidents }

  async function writeFiles(): Promise<void> {
    const out = new LineBuffer()
    while (nextIndex < sample.count) {
      const index = nextIndex++
      try {
        files[index] = await writeFile(sample.file(index), out)
      } catch (error) {
        nextIndex = sample.count
        throw error
      }
    }
  }

  async function writeFile(file: SampleFile, out: LineBuffer): Promise<FileTruth> {
    const counts: LineCounts = { rows: 0, rejects: 0, skipped: 0 }
    const chunks = reportRows(file.chunks(out, counts), counts)
    const place = join(dir, file.path)
    await makeFolder(dirname(place))
    const bytes = await placeFile(place, (path) => writer.write(path, chunks, file))
    if (settings.format === 'parquet') counts.skipped = 0
    const { rows, rejects, skipped } = counts
    return { path: file.path, lines: rows + rejects + skipped, rows, rejects, skipped, bytes }
  }

  async function makeFolder(folder: string): Promise<void> {
    if (folders.has(folder)) return
    await mkdir(folder, { recursive: true })
    folders.add(folder)
  }

  function* reportRows(chunks: Iterable<Buffer>, counts: LineCounts): Generator<Buffer, void> {
    let reported = 0
    for (const chunk of chunks) {
      rowsDone += counts.rows - reported
      reported = counts.rows
      effects.progress?.(rowsDone, settings.rows)
      yield chunk
    }
  }
}

interface Writer {
  write(path: string, chunks: Iterable<Buffer>, file: SampleFile): Promise<number>
  close(): void
}

async function openWriter({ format, gzipLevel }: Settings): Promise<Writer> {
  if (format === 'parquet') {
    const parquet = await openParquetWriter()
    return { write: (path, chunks, file) => parquet.write(path, chunks, file.fields), close: () => parquet.close() }
  }
  return { write: format === 'gzip' ? gzipWriter(gzipLevel) : writePlain, close: () => {} }
}

function sums(files: readonly FileTruth[]): { rows: number; rejects: number; skipped: number } {
  const sum = { rows: 0, rejects: 0, skipped: 0 }
  for (const file of files) {
    sum.rows += file.rows
    sum.rejects += file.rejects
    sum.skipped += file.skipped
  }
  return sum
}

/** Files end in any order, so the operations are counted in any order. */
function orderedTotals(totals: Totals): Totals {
  if (totals.type === 'vpc-flow-logs') return totals
  const operations = Object.fromEntries(
    Object.entries(totals.operations).toSorted(([one], [other]) => (one < other ? -1 : 1)),
  )
  return { ...totals, operations }
}
