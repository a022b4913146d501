import { removalsOf } from '../../aws-setup/carry-out.ts'
import type { RemovalPlan } from '../../aws-setup/removal.ts'
import type { RemovalOptions } from '../../aws-setup/resource.ts'
import type { GlobalFlags } from '../terminal/flags.ts'
import { note } from '../terminal/notes.ts'
import { write } from '../terminal/stdout.ts'
import { writeJson } from './apply-plans.ts'
import { confirmed } from './confirm.ts'
import { carryOutTold } from './run.ts'
import { removalData, removalText } from './show.ts'

type Printing = Pick<GlobalFlags, 'output' | 'quiet'>

/** Prints what would be taken away, and does it once that was agreed to. Rejects with what stopped it. */
export async function removePlans(
  name: string,
  plans: readonly RemovalPlan[],
  options: RemovalOptions,
  { output, quiet, isAgreed }: Printing & { readonly isAgreed: boolean },
): Promise<void> {
  if (output === 'table') await writeRemovals(name, plans, { output })
  const undone = plans.flatMap((one) => removalsOf(one, options))
  if (undone.length > 0 && !(await confirmed('Take all of this away?', { isSaid: isAgreed, output }))) {
    note('Nothing was changed.')
    process.exitCode = 1
    return
  }
  const outcome = await carryOutTold(undone, quiet === true)
  if (output !== 'table')
    await writeJson({
      accounts: plans.map((one) => removalData(name, one)),
      done: outcome.done.length,
      left: outcome.left.length,
      error: outcome.failure?.message ?? null,
    })
  if (outcome.failure !== undefined) throw outcome.failure
  if (output === 'table' && outcome.done.length > 0) await write(`${outcome.done.length} steps done.\n`)
}

/** Prints what would be taken away. */
export async function writeRemovals(name: string, plans: readonly RemovalPlan[], { output }: Printing): Promise<void> {
  if (output === 'table') return write(plans.map((one) => removalText(name, one)).join('\n'))
  await writeJson({ accounts: plans.map((one) => removalData(name, one)) })
}
