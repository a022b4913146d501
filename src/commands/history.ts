import { type Command, Option } from 'commander'
import type { HistoryOptions } from '../api.ts'
import { namedColumns, printRows } from './output/print.ts'
import { globalFlags, wholeNumber } from './terminal/flags.ts'
import { onLake } from './terminal/lake.ts'

const numbers = ['load_id', 'lines', 'rows', 'rejects', 'skipped', 'bytes']

const columns = namedColumns(
  [
    'loaded_at',
    'status',
    'table_name',
    'lines',
    'rows',
    'rejects',
    'skipped',
    'bytes',
    'load_id',
    'version',
    'file',
    'error',
  ],
  numbers,
)

/** millrace history: which files were met, and what became of them. */
export function register(program: Command): void {
  program
    .command('history')
    .description('List the files that loads met, newest first, and what became of each.')
    .option('--limit <count>', 'how many files', wholeNumber(1), 100)
    .addOption(
      new Option('--status <status>', 'only files of this status').choices([
        'loaded',
        'partial',
        'empty',
        'failed',
        'changed',
        'replaced',
      ]),
    )
    .option('--table <table>', 'only files of this table')
    .addHelpText('after', '\nExample:\n  millrace history --status failed')
    .action(async (options: HistoryOptions, command: Command) => {
      const flags = globalFlags(command)
      const { limit, status, table } = options
      const entries = await onLake(flags, false, (lake) => lake.history({ limit, status, table }))
      await printRows(flags.output, columns, entries)
    })
}
