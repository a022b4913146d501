import { countsOf, planAccount } from '../../aws-setup/plan.ts'
import { planRemovals } from '../../aws-setup/removal.ts'
import { explained } from '../../aws-setup/refusals.ts'
import type { Setup } from '../../aws-setup/setup.ts'
import { type SetUpSource, sourcesOfType } from '../../aws-setup/sources.ts'
import { MillraceError } from '../../errors.ts'
import type { GlobalFlags } from '../terminal/flags.ts'
import { onLake } from '../terminal/lake.ts'
import { write } from '../terminal/stdout.ts'
import { applyPlans, showPlans, writeJson } from './apply-plans.ts'
import type { SetupFlags } from './flags.ts'
import { addToLake, checkLogType, tellSources, waitForFirst } from './lake-side.ts'
import { removePlans } from './remove-plans.ts'
import { onAccounts } from './run.ts'
import { placeData, stateText } from './show.ts'

/** Flags of an action besides those of the setup. */
export interface ActionFlags extends SetupFlags {
  readonly yes?: true
  readonly deleteData?: string
  /** Names of log types that the lake shall read. */
  readonly add?: readonly string[]
  readonly wait?: true
}

/** Prints what is there and what is to be done. */
export async function plan(setup: Setup, flags: ActionFlags, global: GlobalFlags): Promise<void> {
  await onAccounts(flags, setup, async (accounts) => {
    await showPlans(setup.name, await Promise.all(accounts.map(planAccount)), global)
  })
}

/** Makes what is there what is wanted, once it was agreed to. */
export async function apply(setup: Setup, flags: ActionFlags, global: GlobalFlags): Promise<void> {
  for (const logType of flags.add ?? []) checkLogType(logType)
  if (flags.wait === true && flags.add === undefined)
    throw new MillraceError('USAGE', '--wait is for --add: say which kind of logs is waited for.')
  await onAccounts(flags, setup, async (accounts) => {
    // Faults of what is to be read are told before anything is made.
    const add = flags.add?.flatMap((type) => accounts.flatMap(({ place }) => sourcesOfType(setup, place, type)))
    const plans = await Promise.all(accounts.map(planAccount))
    if (!(await applyPlans(setup.name, plans, { ...global, isAgreed: flags.yes === true }))) return
    if (add !== undefined) return readInLake(add, flags, global)
    if (global.quiet !== true) for (const { place } of accounts) tellSources(setup, place)
  })
}

/** What follows in the lake once AWS has all that is wanted. */
async function readInLake(sources: readonly SetUpSource[], { wait }: ActionFlags, global: GlobalFlags): Promise<void> {
  await onLake(global, true, async (lake) => {
    const pipes = await addToLake(lake, sources, global.quiet === true)
    if (wait === true) await waitForFirst(lake, pipes)
  })
}

/** Prints how what is there does. */
export async function describe(setup: Setup, flags: ActionFlags, global: GlobalFlags): Promise<void> {
  await onAccounts(flags, setup, async (accounts) => {
    const found = await Promise.all(
      accounts.map(async (account) => {
        const read = await planAccount(account)
        const facts = read.resources.map(async ({ resource, obstacle }) =>
          obstacle === undefined ? resource.facts(account.clients) : [],
        )
        return { read, facts: await Promise.all(facts) }
      }),
    ).catch((error: unknown) => {
      throw explained(error, 'Reading the account')
    })
    if (global.output === 'table')
      return write(found.map(({ read, facts }) => stateText(setup.name, read, facts)).join('\n'))
    await writeJson({
      accounts: found.map(({ read, facts }) => ({
        setup: setup.name,
        ...placeData(read.account),
        counts: countsOf(read),
        resources: read.resources.map(({ resource, state, differences, remarks = [] }, index) => ({
          kind: resource.wanted.kind,
          name: resource.wanted.name,
          state,
          differences,
          remarks,
          facts: facts[index] ?? [],
        })),
      })),
    })
  })
}

/** Takes away what this setup has made, once it was agreed to. */
export async function destroy(setup: Setup, flags: ActionFlags, global: GlobalFlags): Promise<void> {
  const options = { deleteData: flags.deleteData }
  await onAccounts(flags, setup, async (accounts) => {
    const plans = await planRemovals(accounts, options)
    await removePlans(setup.name, plans, options, { ...global, isAgreed: flags.yes === true })
  })
}
