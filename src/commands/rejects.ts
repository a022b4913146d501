import type { Command } from 'commander'
import { MillraceError } from '../errors.ts'
import { namedColumns, printObject, printRows } from './output/print.ts'
import { globalFlags, wholeNumber } from './terminal/flags.ts'
import { onLake } from './terminal/lake.ts'

interface RejectFlags {
  readonly limit: number
  readonly table?: string
  readonly file?: string
  readonly replay?: true
  readonly format?: string
}

const columns = namedColumns(['table_name', 'file', 'line', 'reason', 'raw', 'load_id'], ['line', 'load_id'])

/** millrace rejects: the lines that could not be read, and reading them again. */
export function register(program: Command): void {
  program
    .command('rejects')
    .description('List the lines that could not be read, or read them again.')
    .option('--limit <count>', 'how many lines to list', wholeNumber(1), 100)
    .option('--table <table>', 'only lines of this table')
    .option('--file <file>', 'only lines of this file, named as in the history')
    .option('--replay', 'read them again; those that can be read now become rows')
    .option('--format <fields>', 'with --replay: the field names of these flow logs, such as "version srcaddr dstaddr"')
    .addHelpText('after', '\nExample:\n  millrace rejects --table vpc_flow_logs --limit 5')
    .action(async ({ limit, table, file, replay, format }: RejectFlags, command: Command) => {
      const flags = globalFlags(command)
      if (replay === true)
        return printObject(
          flags.output,
          await onLake(flags, false, (lake) => lake.replayRejects({ table, file, format })),
        )
      if (format !== undefined)
        throw new MillraceError('USAGE', '--format is for --replay: write "millrace rejects --replay --format …".')
      const entries = await onLake(flags, false, (lake) => lake.rejects({ limit, table, file }))
      return printRows(flags.output, columns, entries)
    })
}
