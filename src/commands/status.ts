import type { Command } from 'commander'
import { namedColumns, printObject, printRows } from './output/print.ts'
import { globalFlags } from './terminal/flags.ts'
import { onLake } from './terminal/lake.ts'
import { write } from './terminal/stdout.ts'

const columns = namedColumns(['table_name', 'rows', 'rejects', 'files', 'last_loaded_at'], ['rows', 'rejects', 'files'])

/** millrace status: what the lake holds. */
export function register(program: Command): void {
  program
    .command('status')
    .description('Show what the lake holds: files, rows and rejects, by table; failed and changed files.')
    .addHelpText('after', '\nExample:\n  millrace status --output json')
    .action(async (_flags: object, command: Command) => {
      const { output, ...flags } = globalFlags(command)
      const status = await onLake({ output, ...flags }, false, (lake) => lake.status())
      if (output !== 'table') return printObject(output, status)
      const { tables, loading, ...sums } = status
      await printObject(output, { ...sums, loads_running: loading.length })
      if (tables.length === 0) return undefined
      await write('\n')
      return printRows(output, columns, tables)
    })
}
