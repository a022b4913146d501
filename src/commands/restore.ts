import type { Command } from 'commander'
import type { RestoreSummary } from '../api.ts'
import { MillraceError } from '../errors.ts'
import { printObject } from './output/print.ts'
import { type GlobalFlags, globalFlags } from './terminal/flags.ts'
import { onLake } from './terminal/lake.ts'

/** millrace restore: a backup in place of the lake. */
export function register(program: Command): void {
  program
    .command('restore')
    .description('Put a backup in place of what the lake holds; that is kept beside it.')
    .argument('<dir>', 'the backup')
    .addHelpText('after', '\nExample:\n  millrace restore ./backups/2026-11-20')
    .action(async (directory: string, _flags: object, command: Command) => {
      const flags = globalFlags(command)
      await printObject(flags.output, await restore(flags, directory))
    })
}

/** A lake that is damaged cannot be opened, and needs its backup most. */
async function restore(flags: GlobalFlags, directory: string): Promise<RestoreSummary> {
  try {
    return await onLake(flags, true, (lake) => lake.restore(directory))
  } catch (error) {
    if (!(error instanceof MillraceError) || error.code !== 'LAKE_DAMAGED') throw error
    const { restoreLake } = await import('../lake.ts')
    return restoreLake(flags.lake, directory)
  }
}
