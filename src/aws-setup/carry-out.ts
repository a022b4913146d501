import { MillraceError } from '../errors.ts'
import type { Account } from './account.ts'
import { type Patience, sendPatiently, untilSo } from './patience.ts'
import { lookAt, type Plan, titleOf } from './plan.ts'
import { explained, refusalCode } from './refusals.ts'
import type { RemovalPlan } from './removal.ts'
import type { Comparison, RemovalOptions, Resource } from './resource.ts'
import type { Step } from './step.ts'

/** Steps that were shown, and what says which of them are left. */
export interface Undone {
  readonly resource: Resource
  readonly account: Account
  readonly steps: readonly Step[]
  /** Reads anew what is there; no steps are left when all is done. */
  look(): Promise<Pick<Comparison, 'steps' | 'differences' | 'hasFailed'>>
}

/** What is told on the way. */
export type Progress =
  | { readonly kind: 'begun'; readonly step: Step }
  | { readonly kind: 'done'; readonly step: Step }
  | { readonly kind: 'waiting'; readonly sentence: string }
  /** What was done reads back as it is wanted. */
  | { readonly kind: 'read back'; readonly resource: Resource }

/** How far it came. */
export interface Outcome {
  readonly done: readonly Step[]
  readonly left: readonly Step[]
  /** Why it stopped; undefined where it did not. */
  readonly failure: MillraceError | undefined
}

export interface CarryingOut extends Omit<Patience, 'waiting'> {
  readonly tell: (progress: Progress) => void
}

/** What a plan comes to. */
export function undoneOf({ account, resources }: Plan): Undone[] {
  return resources.flatMap(({ resource, steps }) =>
    steps.length === 0 ? [] : [{ resource, account, steps, look: () => lookAt(resource, account) }],
  )
}

/** What a plan to take away comes to. */
export function removalsOf({ account, resources }: RemovalPlan, options: RemovalOptions): Undone[] {
  return resources.flatMap(({ resource, steps }) =>
    steps.length === 0
      ? []
      : [
          {
            resource,
            account,
            steps,
            look: async () => ({ steps: (await resource.removal(account.clients, options)).steps, differences: [] }),
          },
        ],
  )
}

/**
 * Does the steps that were shown, one after the other, and reads back what each resource has come to. Stops at the first failure. Before a
 * resource is touched it is read once more: where that asks for other steps than those shown, somebody has changed it since.
 */
export async function carryOut(undone: readonly Undone[], how: CarryingOut): Promise<Outcome> {
  const done: Step[] = []
  for (const [index, one] of undone.entries()) {
    const before = done.length
    try {
      await carryOutOne(one, how, (step) => done.push(step))
    } catch (error) {
      const own = one.steps.slice(done.length - before)
      const left = [...own, ...undone.slice(index + 1).flatMap(({ steps }) => steps)]
      const isStopped = how.signal?.aborted === true && !(error instanceof MillraceError)
      const failure = isStopped ? stopped(own[0]) : explained(error, sentenceOf(own[0], one))
      return { done, left, failure }
    }
  }
  return { done, left: [], failure: undefined }
}

async function carryOutOne(one: Undone, how: CarryingOut, finished: (step: Step) => void): Promise<void> {
  const { account, resource, steps } = one
  const patience = { ...how, waiting: (sentence: string) => how.tell({ kind: 'waiting', sentence }) }
  const { steps: now } = await one.look()
  if (!isRest(now, steps)) throw changedMeanwhile(resource)
  for (const step of steps.slice(0, steps.length - now.length)) finished(step)
  for (const [index, step] of now.entries()) {
    how.signal?.throwIfAborted()
    how.tell({ kind: 'begun', step })
    try {
      await sendPatiently(account.clients, step.call, patience)
    } catch (error) {
      if (!(error instanceof MillraceError)) how.signal?.throwIfAborted()
      // The SDK sends again what got no answer, and then hears of its own first try.
      const isThere = alreadyDone.test(refusalCode(error))
      if (!isThere || (await one.look()).steps.length >= now.length - index) throw error
    }
    finished(step)
    how.tell({ kind: 'done', step })
  }
  let found: Awaited<ReturnType<Undone['look']>> = { steps: now, differences: [] }
  await untilSo(
    async () => {
      found = await one.look()
      return found.steps.length === 0 || found.hasFailed === true
    },
    `Waiting until the ${titleOf(resource)} reads back as it was set.`,
    patience,
  )
  if (found.steps.length > 0) throw readsOtherwise(resource, found.differences)
  how.tell({ kind: 'read back', resource })
}

/** Of what was to be made and is there, or to be taken away and is not. */
const alreadyDone =
  /^(BucketAlreadyOwnedByYou|EntityAlreadyExists(Exception)?|Resource(Already)?ExistsException|FlowLogAlreadyExists|NoSuch(Bucket|Entity)(Exception)?|QueueDoesNotExist|(AWS\.SimpleQueueService\.)?NonExistentQueue|ResourceNotFoundException|InvalidFlowLogId\.NotFound)$/

/** Whether these are the last of those. */
function isRest(some: readonly Step[], all: readonly Step[]): boolean {
  const last = all.slice(all.length - some.length)
  return some.length <= all.length && JSON.stringify(last) === JSON.stringify(some)
}

function sentenceOf(step: Step | undefined, { resource }: Undone): string {
  return step === undefined ? `Reading back the ${titleOf(resource)}` : `The step "${step.does}"`
}

function stopped(step: Step | undefined): MillraceError {
  const where = step === undefined ? 'while the last step was read back' : `before the step "${step.does}"`
  return new MillraceError('QUERY_CANCELLED', `It was stopped ${where}.`)
}

function changedMeanwhile(resource: Resource): MillraceError {
  return new MillraceError(
    'SOURCE_REFUSED',
    `The ${titleOf(resource)} was changed by somebody since the plan was made, so it was left alone. Plan again, and see what is there now.`,
  )
}

function readsOtherwise(resource: Resource, differences: readonly string[]): MillraceError {
  const why = differences.length === 0 ? '' : `: ${differences.join('; ').replace(/[.]$/, '')}`
  return new MillraceError(
    'SOURCE_REFUSED',
    `The ${titleOf(resource)} does not read back as it was set${why}. Plan again, and see what is there now.`,
  )
}
