import { Argument, type Command } from 'commander'
import type { Lake, PipeDetails, PipeHandle, PipeLoad } from '../api.ts'
import { MillraceError } from '../errors.ts'
import { pipeColumns } from './output/pipes.ts'
import { namedColumns, printObject, printRows } from './output/print.ts'
import { type GlobalFlags, globalFlags, moment, wholeNumber } from './terminal/flags.ts'
import { interruptible } from './terminal/interruptible.ts'
import { onLake } from './terminal/lake.ts'
import { note } from './terminal/notes.ts'

interface PipeFlags {
  readonly prefix?: string
  readonly modifiedAfter?: Date
  readonly limit: number
}

const actions = ['list', 'pause', 'resume', 'refresh', 'retry', 'parked'] as const
type Action = (typeof actions)[number]

const parkedColumns = namedColumns(['parked_at', 'code', 'file', 'bytes', 'reason', 'body'], ['bytes'])
const shownFaults = 20

/** millrace pipes: how pipes are doing, and what can be done with one. */
export function register(program: Command): void {
  program
    .command('pipes')
    .description(
      'List the pipes and how they are doing; pause or resume one, load what its stage holds (refresh), show what it gave up (parked) or try that again (retry).',
    )
    .addArgument(new Argument('[action]', 'what to do').choices(actions).default('list'))
    .argument('[name]', 'the pipe; database and schema may be left out')
    .option('--prefix <text>', "with refresh: only objects whose names begin so behind the pipe's place")
    .option('--modified-after <time>', 'with refresh: only objects modified later (UTC)', moment)
    .option('--limit <count>', 'with parked: how many', wholeNumber(1), 100)
    .addHelpText('after', '\nExample:\n  millrace pipes\n  millrace pipes refresh flow --prefix 2026/11/')
    .action(async (action: Action, name: string | undefined, given: PipeFlags, command: Command) => {
      const flags = globalFlags(command)
      if (action === 'list') return list(flags)
      if (name === undefined) throw new MillraceError('USAGE', `Say which pipe: "millrace pipes ${action} NAME".`)
      return onLake(flags, false, (lake) => act(action, lake.pipe(name), given, flags))
    })
}

async function list(flags: GlobalFlags): Promise<void> {
  const pipes = await onLake(flags, false, (lake: Lake) => lake.listPipes())
  await printRows(flags.output, pipeColumns, pipes)
  if (pipes.length === 0 && flags.quiet !== true) note('There are no pipes. "millrace add" makes one.')
}

async function act(
  action: Exclude<Action, 'list'>,
  pipe: PipeHandle,
  { prefix, modifiedAfter, limit }: PipeFlags,
  flags: GlobalFlags,
): Promise<void> {
  switch (action) {
    case 'pause':
      return showState(await pipe.pause(), flags)
    case 'resume':
      return showState(await pipe.resume(), flags)
    case 'refresh':
      return showLoad(await interruptible((signal) => pipe.refresh({ prefix, modifiedAfter, signal })), flags)
    case 'retry':
      return showLoad(await interruptible((signal) => pipe.retry({ signal })), flags)
    case 'parked':
      return printRows(flags.output, parkedColumns, await pipe.parked({ limit }))
  }
}

function showState(pipe: PipeDetails, { output }: GlobalFlags): Promise<void> {
  return output === 'json' ? printObject(output, pipe) : printRows(output, pipeColumns, [pipe])
}

async function showLoad({ faults, ...load }: PipeLoad, { output }: GlobalFlags): Promise<void> {
  await printObject(output, load)
  for (const { message } of faults.slice(0, shownFaults)) note(message)
  if (load.failed_files > shownFaults) note(`and ${load.failed_files - shownFaults} more; see millrace pipes parked`)
  if (load.failed_files > 0) process.exitCode = 1
}
