import type { Diagnosis, TaskDetails } from '../api.ts'

/** Looks at tasks: whether their last runs succeeded, and whether they still run. Nothing is said where there are none. */
export function examineTasks(tasks: readonly TaskDetails[]): Diagnosis[] {
  return tasks.flatMap((task) =>
    [examineTask(task), ...inputsWithoutRows(task)].map((found) => ({ ...found, subject: `task ${task.name}` })),
  )
}

type Finding = Omit<Diagnosis, 'subject'>

function inputsWithoutRows({ inputs_without_rows: lost }: TaskDetails): Finding[] {
  if (lost === 0) return []
  return [
    {
      level: 'warning',
      message: `Its functions gave no row for ${lost} ${lost === 1 ? 'input' : 'inputs'} since it was made.`,
      mend: 'If these are lines of logs, they are lost without a word. A pipe into a built-in table, as by FILE_FORMAT = (TYPE = S3_ACCESS_LOGS), reads or keeps every line; else mend the function.',
    },
  ]
}

function examineTask(task: TaskDetails): Finding {
  const { name, state, last_state: last, consecutive_failures: failures } = task
  const why = task.last_error === null ? '' : `: ${task.last_error.replace(/\.$/, '')}`
  if (state === 'suspended' && task.last_suspended_reason === 'SUSPENDED_DUE_TO_ERRORS')
    return {
      level: 'error',
      // Failures of a task behind it suspend the root of a graph, and are counted with that task.
      message:
        failures === 0
          ? 'It was suspended with its graph, in which another task failed again and again.'
          : `It was suspended after ${failures} failures${why}.`,
      mend: `Mend that, try it with "millrace tasks run ${name}", then say "millrace tasks resume ${name}".`,
    }
  if (last?.startsWith('FAILED') === true)
    return {
      level: state === 'started' ? 'error' : 'warning',
      message: `Its last run failed${why}.`,
      mend: `See "millrace tasks history ${name}"; mend that, and try it with "millrace tasks run ${name}".`,
    }
  if (state === 'suspended' && !isOnlyTold(task))
    return { level: 'warning', message: 'It is suspended.', mend: `Say "millrace tasks resume ${name}" to let it run.` }
  const message =
    last === null ? 'It has not run yet.' : `Its last run ${last === 'SUCCEEDED' ? 'succeeded' : `is ${last}`}.`
  return { level: 'ok', message, mend: '' }
}

/** Whether it runs when it is told to, and never by itself. */
function isOnlyTold({ schedule, condition, predecessors, finalizes }: TaskDetails): boolean {
  return schedule === null && condition === null && predecessors.length === 0 && finalizes === null
}
