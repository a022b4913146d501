import type { Command } from 'commander'
import { pipeColumns } from './output/pipes.ts'
import { taskColumns } from './output/tasks.ts'
import { namedColumns, printObject, printRows } from './output/print.ts'
import { globalFlags } from './terminal/flags.ts'
import { onLake } from './terminal/lake.ts'
import { write } from './terminal/stdout.ts'

const columns = namedColumns(['table_name', 'rows', 'rejects', 'files', 'last_loaded_at'], ['rows', 'rejects', 'files'])

/** millrace status: what the lake holds, and how its pipes and tasks are doing. */
export function register(program: Command): void {
  program
    .command('status')
    .description(
      'Show what the lake holds: files, rows and rejects, by table; failed and changed files; how pipes and tasks are doing.',
    )
    .addHelpText('after', '\nExample:\n  millrace status --output json')
    .action(async (_flags: object, command: Command) => {
      const { output, ...flags } = globalFlags(command)
      const status = await onLake({ output, ...flags }, false, (lake) => lake.status())
      if (output !== 'table') return printObject(output, status)
      const { tables, loading, pipes, tasks, ...sums } = status
      await printObject(output, { ...sums, loads_running: loading.length })
      if (tables.length > 0) {
        await write('\n')
        await printRows(output, columns, tables)
      }
      if (pipes.length > 0) {
        await write('\n')
        await printRows(output, pipeColumns, pipes)
      }
      if (tasks.length > 0) {
        await write('\n')
        await printRows(output, taskColumns, tasks)
      }
    })
}
