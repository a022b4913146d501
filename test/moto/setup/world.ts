import { randomInt } from 'node:crypto'
import { type Account, type Accounts, openAccounts } from '../../../src/aws-setup/account.ts'
import { type Outcome, type Progress, carryOut, removalsOf, undoneOf } from '../../../src/aws-setup/carry-out.ts'
import { type Plan, planAccount } from '../../../src/aws-setup/plan.ts'
import { type RemovalPlan, planRemovals } from '../../../src/aws-setup/removal.ts'
import { type GivenSetup, readSetup } from '../../../src/aws-setup/setup.ts'
import type { Timing } from '../../../src/aws/timing.ts'
import { region } from '../moto.ts'
import { type Proxy, openProxy } from './proxy.ts'

/** An account, and what is done in it without waiting for real. */
export interface Course {
  readonly account: Account
  plan(): Promise<Plan>
  /** Does a plan: the one that is given, or a new one. */
  apply(plan?: Plan): Promise<Outcome>
  removal(deleteData?: string): Promise<RemovalPlan>
  destroy(deleteData?: string): Promise<Outcome>
  /** All that was told on the way. */
  readonly told: Progress[]
}

/** An account of its own in moto, reached through a proxy, and what is wanted in it. */
export interface World extends Course {
  readonly accountId: string
  readonly bucket: string
  readonly proxy: Proxy
  /** The same account with another wish. */
  wanting(given: GivenSetup): Promise<World>
  close(): Promise<void>
}

/** Time that passes only where somebody waits. */
export function patientTiming(): Timing & { waitedMs: number } {
  const timing = {
    waitedMs: 0,
    now: () => timing.waitedMs,
    random: () => 0.5,
    wait: (ms: number) => {
      timing.waitedMs += ms
      return Promise.resolve()
    },
  }
  return timing
}

export function courseIn(account: Account): Course {
  const told: Progress[] = []
  const how = { timing: patientTiming(), tell: (progress: Progress) => void told.push(progress) }
  const plan = (): Promise<Plan> => planAccount(account)
  const removal = async (deleteData?: string): Promise<RemovalPlan> => {
    const [only] = await planRemovals([account], { deleteData })
    if (only === undefined) throw new Error('There is no plan.')
    return only
  }
  return {
    account,
    plan,
    apply: async (shown) => carryOut(undoneOf(shown ?? (await plan())), how),
    removal,
    destroy: async (deleteData) => carryOut(removalsOf(await removal(deleteData), { deleteData }), how),
    told,
  }
}

/** A number that no other test has. */
export function anyAccount(): string {
  return String(randomInt(1e11, 1e12 - 1))
}

export async function openWorld(given: GivenSetup = {}, accountId = anyAccount()): Promise<World> {
  const proxy = await openProxy(process.env['AWS_ENDPOINT_URL'] ?? '')
  const environment = { ...process.env, AWS_ENDPOINT_URL: proxy.url }
  const all: Accounts[] = []
  const open = async (wanted: GivenSetup): Promise<World> => {
    const identities = [{ roleArn: `arn:aws:iam::${accountId}:role/admin` }]
    const opened = await openAccounts({ environment, identities, region, setup: readSetup(undefined, wanted) })
    all.push(opened)
    const [account] = opened.accounts
    if (account === undefined) throw new Error('There is no account.')
    return {
      ...courseIn(account),
      accountId,
      bucket: `millrace-logs-${accountId}-${region}`,
      proxy,
      wanting: open,
      close: async () => {
        for (const one of all) await one.close()
        await proxy.close()
      },
    }
  }
  return open(given)
}

/** What a plan says of each resource: `queue: same`. */
export function statesOf({ resources }: Plan): string[] {
  return resources.map(({ resource, state }) => `${resource.wanted.kind}: ${state}`)
}

/** What a plan says differs, by the kind of resource. */
export function differencesOf({ resources }: Plan): Record<string, readonly string[]> {
  return Object.fromEntries(
    resources.flatMap(({ resource, differences }) =>
      differences.length === 0 ? [] : [[resource.wanted.kind, differences]],
    ),
  )
}
