import { type Command, Option } from 'commander'
import type { Lake, LoadOptions, LoadSummary, OnChange, OnError } from '../api.ts'
import { MillraceError } from '../errors.ts'
import { logTypes } from '../log-type/registry.ts'
import { printObject } from './output/print.ts'
import { type GlobalFlags, globalFlags, moment } from './terminal/flags.ts'
import { interruptible } from './terminal/interruptible.ts'
import { onLake } from './terminal/lake.ts'
import { note } from './terminal/notes.ts'
import { loadShare, loadText, openProgress } from './terminal/progress.ts'

interface LoadFlags {
  readonly type: string
  readonly onError: OnError
  readonly format?: string
  readonly onChange?: OnChange
  readonly force?: true
  readonly from?: Date
  readonly to?: Date
  readonly acceptChange?: string
}

const shownFaults = 20

/** millrace load: brings files into the lake. */
export function register(program: Command): void {
  program
    .command('load')
    .description('Load every log below a folder or in a bucket that the lake does not hold yet.')
    .argument('[path...]', 'files, folders or s3://bucket/folder/: text, gzip, zstd or Parquet')
    .addOption(
      new Option('--type <type>', 'log type of the files')
        .choices(['auto', ...logTypes.map((type) => type.name)])
        .default('auto'),
    )
    .addOption(
      new Option(
        '--on-error <what>',
        'a line that cannot be read becomes a reject, or keeps its file out, or ends the load with nothing loaded',
      )
        .choices(['continue', 'skip-file', 'abort'])
        .default('continue'),
    )
    .option('--format <fields>', 'field names of flow logs without a header line, such as "version srcaddr dstaddr"')
    .addOption(
      new Option(
        '--on-change <what>',
        'a file that changed since it was loaded is held back, or replaces its rows, or adds to them (default: "replace", "hold" in buckets)',
      ).choices(['hold', 'replace', 'append']),
    )
    .option('--force', 'load files again that are loaded already, in place of their rows')
    .option(
      '--from <time>',
      'only files of this time (UTC) or later, by the date in their path, else their modification',
      moment,
    )
    .option('--to <time>', 'only files before this time', moment)
    .option('--accept-change <uri>', 'take the new content of a file whose change is held back')
    .addHelpText('after', '\nExample:\n  millrace load ./AWSLogs --from 2026-11-01 --output json')
    .action(async (paths: readonly string[], flags: LoadFlags, command: Command) => {
      const global = globalFlags(command)
      if (paths.length === 0 && flags.acceptChange === undefined)
        throw new MillraceError('USAGE', 'Say what to load: "millrace load PATH".')
      const summary = await onLake(global, true, (lake) => loadAll(lake, paths, flags, global))
      await show(summary, global)
    })
}

async function loadAll(
  lake: Lake,
  paths: readonly string[],
  { acceptChange, ...options }: LoadFlags,
  global: GlobalFlags,
): Promise<LoadSummary> {
  if (acceptChange !== undefined) return lake.acceptChange(acceptChange)
  return interruptible(async (signal) => {
    const summaries: LoadSummary[] = []
    for (const path of paths) summaries.push(await loadOne(lake, path, { ...options, signal }, global))
    return summaries.reduce(sum)
  })
}

async function loadOne(lake: Lake, path: string, options: LoadOptions, global: GlobalFlags): Promise<LoadSummary> {
  const progress = await openProgress(global)
  try {
    return await lake.load(path, {
      ...options,
      onProgress: (now) => {
        progress.show(loadShare(now), loadText(now))
      },
    })
  } finally {
    progress.end()
  }
}

function sum(one: LoadSummary, other: LoadSummary): LoadSummary {
  return {
    files: one.files + other.files,
    skipped_files: one.skipped_files + other.skipped_files,
    rows: one.rows + other.rows,
    rejects: one.rejects + other.rejects,
    bytes: one.bytes + other.bytes,
    seconds: one.seconds + other.seconds,
    failed_files: one.failed_files + other.failed_files,
    changed_files: one.changed_files + other.changed_files,
    faults: [...one.faults, ...other.faults],
  }
}

async function show({ faults, ...summary }: LoadSummary, global: GlobalFlags): Promise<void> {
  const { files, skipped_files, rows, rejects, bytes, seconds, failed_files, changed_files } = summary
  await printObject(global.output, { files, skipped_files, rows, rejects, bytes, seconds, failed_files, changed_files })
  for (const fault of faults.slice(0, shownFaults)) note(fault.message)
  const more = failed_files - Math.min(faults.length, shownFaults)
  if (more > 0) note(`and ${more} more; see millrace history --status failed`)
  if (changed_files > 0)
    note(
      `${changed_files} files changed after they were loaded and are held back; see millrace history --status changed.`,
    )
  if (failed_files > 0) process.exitCode = 1
}
