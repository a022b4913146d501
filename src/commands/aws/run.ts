import { type Account, openAccounts } from '../../aws-setup/account.ts'
import { type CarryingOut, type Outcome, type Undone, carryOut } from '../../aws-setup/carry-out.ts'
import { titleOf } from '../../aws-setup/plan.ts'
import type { Setup } from '../../aws-setup/setup.ts'
import { systemTiming } from '../../aws/timing.ts'
import { interruptible } from '../terminal/interruptible.ts'
import { note } from '../terminal/notes.ts'
import { type SetupFlags, identitiesOf } from './flags.ts'

/** Runs something on the accounts that flags name, and closes them after. */
export async function onAccounts<Result>(
  flags: SetupFlags,
  setup: Setup,
  run: (accounts: readonly Account[]) => Promise<Result>,
): Promise<Result> {
  const { region } = flags
  const opened = await openAccounts({ environment: process.env, identities: identitiesOf(flags), region, setup })
  try {
    return await run(opened.accounts)
  } finally {
    await opened.close()
  }
}

/** Does steps and says each. Ctrl-C ends it between two requests. */
export async function carryOutTold(undone: readonly Undone[], isQuiet: boolean): Promise<Outcome> {
  const tell: CarryingOut['tell'] = (progress) => {
    if (isQuiet) return
    if (progress.kind === 'begun') note(progress.step.does)
    if (progress.kind === 'waiting') note(progress.sentence)
    if (progress.kind === 'read back') note(`The ${titleOf(progress.resource)} reads back as planned.`)
  }
  const outcome = await interruptible((signal) => carryOut(undone, { timing: systemTiming, signal, tell }))
  tellOutcome(outcome)
  return outcome
}

/** Of a failure: what was done and what is left. */
function tellOutcome({ done, left, failure }: Outcome): void {
  if (failure === undefined) return
  note(`Done: ${done.length === 0 ? 'nothing' : done.map(({ does }) => does).join(' ')}`)
  if (left.length > 0) note(`Left: ${left.map(({ does }) => does).join(' ')}`)
  note('Run the same again to go on: it plans anew from what is there.')
}
