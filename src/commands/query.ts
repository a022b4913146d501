import type { Command } from 'commander'
import { text } from 'node:stream/consumers'
import { MillraceError } from '../errors.ts'
import { printRows } from './output/print.ts'
import { globalFlags, numberBetween, wholeNumber } from './terminal/flags.ts'
import { interruptible } from './terminal/interruptible.ts'
import { onLake } from './terminal/lake.ts'
import { note } from './terminal/notes.ts'

interface QueryFlags {
  readonly maxRows?: number
  readonly timeout?: number
}

/** millrace query: one statement, its rows on standard output. */
export function register(program: Command): void {
  program
    .command('query')
    .description('Run one reading SQL statement and print its rows.')
    .argument('<sql>', 'the statement; - reads it from standard input')
    .option('--max-rows <count>', 'end after this many rows (default: all)', wholeNumber(1))
    .option('--timeout <seconds>', 'stop the query after this time (default: never)', numberBetween(0.001, 1e6))
    .addHelpText(
      'after',
      '\nExample:\n  millrace query "select srcaddr, sum(bytes) as bytes from vpc_flow_logs group by all order by bytes desc limit 10"',
    )
    .action(async (given: string, { maxRows, timeout }: QueryFlags, command: Command) => {
      const flags = globalFlags(command)
      const sql = given === '-' ? await text(process.stdin) : given
      if (sql.trim() === '')
        throw new MillraceError(
          'USAGE',
          'The statement is empty. Write one, such as "select count(*) from vpc_flow_logs".',
        )
      await onLake(flags, false, (lake) =>
        interruptible(async (signal) => {
          const result = await lake.query(sql, {
            signal,
            maxRows,
            timeoutMs: timeout === undefined ? undefined : Math.ceil(timeout * 1000),
          })
          await printRows(flags.output, result.columns, result)
          if (result.truncated && flags.quiet !== true)
            note(`There are more rows than the ${maxRows ?? 0} of --max-rows.`)
        }),
      )
    })
}
