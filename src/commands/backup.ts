import type { Command } from 'commander'
import { printObject } from './output/print.ts'
import { globalFlags } from './terminal/flags.ts'
import { onLake } from './terminal/lake.ts'

/** millrace backup: a copy of the lake. */
export function register(program: Command): void {
  program
    .command('backup')
    .description('Copy the lake, as of one moment, into an empty or new directory; it may be in use.')
    .argument('<dir>', 'where the backup goes')
    .addHelpText('after', '\nExample:\n  millrace backup ./backups/2026-11-20')
    .action(async (directory: string, _flags: object, command: Command) => {
      const flags = globalFlags(command)
      await printObject(flags.output, await onLake(flags, false, (lake) => lake.backup(directory)))
    })
}
