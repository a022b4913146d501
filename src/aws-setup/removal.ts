import type { Account } from './account.ts'
import { titleOf } from './plan.ts'
import { explained } from './refusals.ts'
import type { Removal, RemovalOptions, Resource } from './resource.ts'

/** What taking a setup out of one account comes to. */
export interface RemovalPlan {
  readonly account: Account
  readonly resources: readonly (Removal & { readonly resource: Resource })[]
}

/** Reads what a setup has made in accounts, last made first: what delivers into another's bucket goes before that. Changes nothing. */
export function planRemovals(accounts: readonly Account[], options: RemovalOptions): Promise<RemovalPlan[]> {
  return Promise.all(accounts.toReversed().map((account) => planRemoval(account, options)))
}

async function planRemoval(account: Account, options: RemovalOptions): Promise<RemovalPlan> {
  const looks = account.resources.toReversed().map(async (resource) => {
    try {
      return { resource, ...(await resource.removal(account.clients, options)) }
    } catch (error) {
      throw explained(error, `Reading the ${titleOf(resource)}`)
    }
  })
  return { account, resources: await Promise.all(looks) }
}
