import { Argument, type Command } from 'commander'
import type { TaskDetails, TaskHandle, TaskRunEntry } from '../api.ts'
import { MillraceError } from '../errors.ts'
import { namedColumns, printObject, printRows } from './output/print.ts'
import { taskColumns } from './output/tasks.ts'
import { type GlobalFlags, globalFlags, wholeNumber } from './terminal/flags.ts'
import { interruptible } from './terminal/interruptible.ts'
import { onLake } from './terminal/lake.ts'
import { note } from './terminal/notes.ts'

interface TaskFlags {
  readonly limit: number
}

const actions = ['list', 'resume', 'suspend', 'run', 'history'] as const
type Action = (typeof actions)[number]

const counts = ['rows_inserted', 'rows_updated', 'rows_deleted', 'skipped_runs']
const runColumns = namedColumns(
  ['task', 'state', 'scheduled_from', 'started_at', 'completed_at', ...counts, 'error_message'],
  counts,
)

/** millrace tasks: how tasks are doing, and what can be done with one. */
export function register(program: Command): void {
  program
    .command('tasks')
    .description(
      'List the tasks and how they are doing; resume or suspend one, run it once with all that runs after it, or show its runs (history).',
    )
    .addArgument(new Argument('[action]', 'what to do').choices(actions).default('list'))
    .argument('[name]', 'the task; database and schema may be left out')
    .option('--limit <count>', 'with history: how many', wholeNumber(1), 100)
    .addHelpText('after', '\nExample:\n  millrace tasks\n  millrace tasks run transformation')
    .action(async (action: Action, name: string | undefined, given: TaskFlags, command: Command) => {
      const flags = globalFlags(command)
      if (action === 'list') return list(flags)
      if (name === undefined) throw new MillraceError('USAGE', `Say which task: "millrace tasks ${action} NAME".`)
      return onLake(flags, false, (lake) => act(action, lake.task(name), given, flags))
    })
}

async function list(flags: GlobalFlags): Promise<void> {
  const tasks = await onLake(flags, false, (lake) => lake.listTasks())
  await printRows(flags.output, taskColumns, tasks)
  if (tasks.length === 0 && flags.quiet !== true) note('There are no tasks. CREATE TASK in a script makes one.')
}

async function act(
  action: Exclude<Action, 'list'>,
  task: TaskHandle,
  { limit }: TaskFlags,
  flags: GlobalFlags,
): Promise<void> {
  switch (action) {
    case 'resume':
      return showState(await task.resume(), flags)
    case 'suspend':
      return showState(await task.suspend(), flags)
    case 'run':
      return showRuns(await interruptible((signal) => task.run({ signal })), flags)
    case 'history':
      return printRows(flags.output, runColumns, await task.history({ limit }))
  }
}

function showState(task: TaskDetails, { output }: GlobalFlags): Promise<void> {
  return output === 'json' ? printObject(output, task) : printRows(output, taskColumns, [task])
}

async function showRuns(runs: readonly TaskRunEntry[], { output }: GlobalFlags): Promise<void> {
  await printRows(output, runColumns, runs)
  for (const { notices } of runs) for (const notice of notices) note(notice)
  if (runs.some(({ state }) => state !== 'SUCCEEDED' && state !== 'SKIPPED')) process.exitCode = 1
}
