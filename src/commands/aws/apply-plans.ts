import { undoneOf } from '../../aws-setup/carry-out.ts'
import { type Plan, isDone, obstaclesOf } from '../../aws-setup/plan.ts'
import { MillraceError } from '../../errors.ts'
import { stringifyJson } from '../../server/json.ts'
import type { GlobalFlags } from '../terminal/flags.ts'
import { note } from '../terminal/notes.ts'
import { write } from '../terminal/stdout.ts'
import { confirmed } from './confirm.ts'
import { carryOutTold } from './run.ts'
import { planData, planText } from './show.ts'

type Printing = Pick<GlobalFlags, 'output' | 'quiet'>

/**
 * Prints plans and does them once that was agreed to: on the terminal, unless it was before. False where it was not. Rejects where something stands in the way, and
 * with what stopped it.
 */
export async function applyPlans(
  name: string,
  plans: readonly Plan[],
  { output, quiet, isAgreed }: Printing & { readonly isAgreed: boolean },
): Promise<boolean> {
  if (output === 'table') await writePlans(name, plans, { output })
  const [obstacle] = plans.flatMap(obstaclesOf)
  if (obstacle !== undefined) throw new MillraceError('SETTING_INVALID', `Nothing was changed. ${obstacle}`)
  if (plans.every(isDone)) {
    if (output === 'table') await write('Nothing to do.\n')
  } else if (!(await confirmed('Do these steps?', { isSaid: isAgreed, output }))) {
    note('Nothing was changed.')
    process.exitCode = 1
    return false
  }
  const outcome = await carryOutTold(plans.flatMap(undoneOf), quiet === true)
  if (output !== 'table')
    await writeJson({
      accounts: plans.map((one) => ({ ...planData(name, one) })),
      done: outcome.done.length,
      left: outcome.left.length,
      error: outcome.failure?.message ?? null,
    })
  if (outcome.failure !== undefined) throw outcome.failure
  if (output === 'table' && outcome.done.length > 0)
    await write(`${outcome.done.length} ${outcome.done.length === 1 ? 'step' : 'steps'} done, and read back.\n`)
  return true
}

/** Prints plans and does nothing of them. The exit code says whether something stands in their way. */
export async function showPlans(name: string, plans: readonly Plan[], printing: Printing): Promise<void> {
  await writePlans(name, plans, printing)
  if (plans.flatMap(obstaclesOf).length > 0) process.exitCode = 1
}

/** Prints what is there and what is to be done. */
async function writePlans(name: string, plans: readonly Plan[], { output }: Printing): Promise<void> {
  if (output === 'table') return write(plans.map((one) => planText(name, one)).join('\n'))
  await writeJson({ accounts: plans.map((one) => planData(name, one)) })
}

export async function writeJson(value: object): Promise<void> {
  await write(`${stringifyJson(value)}\n`)
}
