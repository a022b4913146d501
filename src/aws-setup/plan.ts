import { MillraceError } from '../errors.ts'
import type { Account } from './account.ts'
import { explained } from './refusals.ts'
import type { Comparison, Resource } from './resource.ts'

/** One resource of a plan: what was found, and what is to be done. */
export interface PlannedResource extends Comparison {
  readonly resource: Resource
}

/** What is there in one account and what is to be done. */
export interface Plan {
  readonly account: Account
  readonly resources: readonly PlannedResource[]
}

/** How many of each. */
export interface Counts {
  readonly create: number
  readonly change: number
  readonly same: number
  readonly foreign: number
}

/** Reads an account; changes nothing. What may not be read is an obstacle, so that all else is told. */
export async function planAccount(account: Account): Promise<Plan> {
  const looks = account.resources.map(async (resource) => ({ resource, ...(await lookOrObstacle(resource, account)) }))
  return { account, resources: await Promise.all(looks) }
}

async function lookOrObstacle(resource: Resource, account: Account): Promise<Comparison> {
  try {
    return await lookAt(resource, account)
  } catch (error) {
    if (!(error instanceof MillraceError) || error.code !== 'ACCESS_DENIED') throw error
    return { state: 'foreign', differences: [], steps: [], obstacle: error.message }
  }
}

/** Compares one resource with what is there. Rejects with an error that names it. */
export async function lookAt(resource: Resource, { clients }: Account): Promise<Comparison> {
  try {
    return await resource.look(clients)
  } catch (error) {
    throw explained(error, `Reading the ${titleOf(resource)}`)
  }
}

export function titleOf({ wanted: { kind, name } }: Resource): string {
  return `${kind} ${name}`
}

/** Sentences that say why a plan cannot be applied. */
export function obstaclesOf({ resources }: Plan): string[] {
  return resources.flatMap(({ obstacle }) => (obstacle === undefined ? [] : [obstacle]))
}

/** Whether anything is to be done. */
export function isDone({ resources }: Plan): boolean {
  return resources.every(({ steps }) => steps.length === 0)
}

export function countsOf({ resources }: Plan): Counts {
  const count = (state: Comparison['state']): number => resources.filter((one) => one.state === state).length
  return { create: count('missing'), change: count('differs'), same: count('same'), foreign: count('foreign') }
}
