import type { Command } from 'commander'
import type { Diagnosis } from '../api.ts'
import { MillraceError } from '../errors.ts'
import { namedColumns, printRows } from './output/print.ts'
import { globalFlags } from './terminal/flags.ts'
import { onLake } from './terminal/lake.ts'

const columns = namedColumns(['level', 'subject', 'message', 'mend'], [])

/** A lake that cannot be opened is a diagnosis too. */
function notOpened(error: unknown): Diagnosis[] {
  if (!(error instanceof MillraceError) || !['LAKE_DAMAGED', 'LAKE_NEWER', 'SETTING_INVALID'].includes(error.code))
    throw error
  return [{ level: 'error', subject: 'lake', message: error.message, mend: 'Do as the message says.' }]
}

/** millrace doctor: what is wrong, and how to mend it. */
export function register(program: Command): void {
  program
    .command('doctor')
    .description(
      'Look for what is wrong with the lake, and with the buckets, queues, roles and folders that its pipes read, and say how to mend it. Exit code 1 when there is an error.',
    )
    .addHelpText('after', '\nExample:\n  millrace doctor')
    .action(async (_flags: object, command: Command) => {
      const flags = globalFlags(command)
      const diagnoses = await onLake(flags, false, (lake) => lake.doctor()).catch(notOpened)
      await printRows(flags.output, columns, diagnoses)
      if (diagnoses.some(({ level }) => level === 'error')) process.exitCode = 1
    })
}
