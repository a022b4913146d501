import { type Command, Option } from 'commander'
import { MillraceError, messageOf, systemCodeOf } from '../errors.ts'
import { generate, type GenerateOptions, type GroundTruth } from '../generate/generate.ts'
import { namedColumns, printObject, printRows } from './output/print.ts'
import { commaList, globalFlags, moment, numberBetween, wholeNumber } from './terminal/flags.ts'
import { openProgress, type Progress } from './terminal/progress.ts'
import { write } from './terminal/stdout.ts'

interface GenerateFlags extends Omit<GenerateOptions, 'end' | 'fields'> {
  readonly end?: Date
  readonly fields?: string
}

/** millrace generate: sample logs, and what is in them. */
export function register(program: Command): void {
  program
    .command('generate')
    .description('Write realistic sample logs; the same seed and options give the same bytes. Prints what is in them.')
    .argument('<dir>', 'where the files go')
    .addOption(
      new Option('--type <type>', 'kind of log').choices(['vpc-flow-logs', 's3-access-logs']).makeOptionMandatory(),
    )
    .option('--rows <count>', 'records that can be read', wholeNumber(1), 100_000)
    .option('--files <count>', 'files', wholeNumber(1), 10)
    .option('--seed <number>', 'a whole number that decides everything', wholeNumber(0), 1)
    .addOption(
      new Option('--format <format>', 'of the files (default: gzip for flow logs, plain for access logs)').choices([
        'gzip',
        'plain',
        'parquet',
      ]),
    )
    .addOption(
      new Option('--layout <layout>', 'folders of the files (default: "aws")').choices([
        'flat',
        'aws',
        'hive',
        'hourly',
      ]),
    )
    .option('--fields <fields>', 'flow log fields: default, v5, full, or names with commas between')
    .option('--shuffle-fields', 'give every flow log file an order of its own')
    .option('--accounts <ids>', 'account ids, with commas between', commaList)
    .option('--regions <names>', 'regions, with commas between', commaList)
    .option('--end <time>', 'every record ends before this time, UTC (default: now)', moment)
    .option('--days <days>', 'days before the end that the records span (default: 7)', numberBetween(0, 36_500))
    .option('--no-incidents', 'without planted incidents')
    .option(
      '--hard-lines <share>',
      'share of access log records that are hard to read (default: 0.02)',
      numberBetween(0, 1),
    )
    .option('--bad-lines <share>', 'share of lines that cannot be read (default: 0)', numberBetween(0, 1))
    .option('--gzip-level <level>', 'from 0 to 9 (default: 6)', wholeNumber(0))
    .addHelpText(
      'after',
      '\nExample:\n  millrace generate ./logs --type vpc-flow-logs --rows 1000000 --files 50 --seed 7',
    )
    .action(async (directory: string, options: GenerateFlags, command: Command) => {
      const flags = globalFlags(command)
      const progress = await openProgress(flags)
      const truth = await writeLogs(directory, options, progress).finally(() => {
        progress.end()
      })
      if (flags.output === 'json') await printObject('json', truth)
      else await showTruth(truth, flags.output)
    })
}

function readFields(fields: string): NonNullable<GenerateOptions['fields']> {
  return fields === 'default' || fields === 'v5' || fields === 'full' ? fields : commaList(fields)
}

async function writeLogs(
  directory: string,
  { fields, end, ...options }: GenerateFlags,
  progress: Progress,
): Promise<GroundTruth> {
  const given: GenerateOptions = {
    ...options,
    ...(fields === undefined ? {} : { fields: readFields(fields) }),
    ...(end === undefined ? {} : { end: Math.floor(end.getTime() / 1000) }),
  }
  try {
    return await generate(directory, given, {
      now: Date.now,
      progress: (done, total) => {
        progress.show(done / total, `${done} of ${total} rows`)
      },
    })
  } catch (error) {
    throw generateError(directory, error)
  }
}

function generateError(directory: string, error: unknown): unknown {
  if (error instanceof RangeError) return new MillraceError('USAGE', messageOf(error), error)
  const code = systemCodeOf(error)
  if (code === undefined) return error
  if (code === 'ENOSPC')
    return new MillraceError(
      'DISK_FULL',
      `No space is left to write logs into ${directory}. Free some, or ask for fewer --rows.`,
      error,
    )
  return new MillraceError(
    'USAGE',
    `Logs cannot be written into ${directory} (${code}). Name a directory that can be written.`,
    error,
  )
}

async function showTruth(truth: GroundTruth, output: 'table' | 'csv'): Promise<void> {
  const { files, rows, rejects, skipped, totals, incidents } = truth
  const file_bytes = files.reduce((sum, file) => sum + file.bytes, 0)
  const counts = {
    type: totals.type,
    files: files.length,
    rows,
    rejects,
    skipped,
    file_bytes,
    incidents: incidents.length,
  }
  if (output === 'csv') return printObject(output, counts)
  const { type: _type, ...sums } = totals
  const shown = Object.entries(sums).filter(([, sum]) => typeof sum === 'number')
  await printObject(output, { ...counts, ...Object.fromEntries(shown) })
  if (incidents.length === 0) return undefined
  await write('\n')
  return printRows(
    output,
    namedColumns(['kind', 'from', 'to', 'who', 'target', 'rows'], ['rows']),
    incidents.map((incident) => ({
      ...incident,
      who: 'srcaddr' in incident ? incident.srcaddr : incident.remoteip,
      target: 'dstaddr' in incident ? incident.dstaddr : incident.bucket,
    })),
  )
}
