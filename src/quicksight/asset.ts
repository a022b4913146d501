import type { QuickSight } from '@aws-sdk/client-quicksight'
import type { Call } from '../aws-setup/operations.ts'
import type { Comparison, Kind, WantedBase } from '../aws-setup/resource.ts'
import { unless } from '../aws-setup/refusals.ts'
import { type Step, isMadeBy, setupTag } from '../aws-setup/step.ts'
import { systemTiming } from '../aws/timing.ts'
import { contentTag } from './deployment.ts'

/** A data source, a data set or a dashboard. */
export interface WantedAsset extends WantedBase {
  readonly kind: 'data source' | 'data set' | 'dashboard'
  /** The name of the deployment that it belongs to. */
  readonly setup: string
  readonly arn: string
  /** What says that it has been sent as it is wanted now. */
  readonly content: string
  readonly create: Call
  /** What makes one that is there what is wanted. `version` is the one that comes next. */
  readonly update: (version: number) => readonly Step[]
  readonly remove: Call
}

/** How one is, once QuickSight has done with it. */
export interface AssetState {
  /** Such as `CREATION_SUCCESSFUL`; data sets have none. */
  readonly status: string | undefined
  /** Why it is not as it was wanted. */
  readonly errors: readonly string[]
  /** Of its latest version, where it has versions. */
  readonly version: number
}

export interface FoundAsset extends AssetState {
  readonly isOwn: boolean
  readonly content: string | undefined
}

const notThere = ['ResourceNotFoundException']

/** What is common to the kinds of QuickSight; `describe` says how one is. */
export function assetKind<Wanted extends WantedAsset>(
  describe: (wanted: Wanted, quicksight: QuickSight) => Promise<AssetState>,
): Kind<Wanted, FoundAsset> {
  return {
    async read(wanted, on) {
      const quicksight = await on.quicksight()
      const state = await unless(
        notThere,
        settled(() => describe(wanted, quicksight)),
      )
      if (state === undefined) return undefined
      const { Tags = [] } = await quicksight.listTagsForResource({ ResourceArn: wanted.arn })
      const content = Tags.find(({ Key }) => Key === contentTag)?.Value
      return { ...state, content, isOwn: isMadeBy(wanted.setup, Tags) }
    },

    compare: compareAsset,

    remove({ kind, name, remove }, { isOwn }) {
      if (!isOwn) return { steps: [], remarks: [`The ${kind} ${name} stays: this deployment has not made it.`] }
      return { steps: [{ does: `Delete the ${kind} ${name}.`, call: remove }] }
    },

    facts: (_, { status, errors }) => [...(status === undefined ? [] : [`Its status is ${status}.`]), ...errors],
  }
}

function compareAsset(wanted: WantedAsset, found: FoundAsset | undefined): Comparison {
  const { kind, name, content, create, update, remove, arn } = wanted
  const make = { does: `Make the ${kind} ${name}.`, call: create }
  if (found === undefined) return { state: 'missing', differences: [], steps: [make] }
  if (!found.isOwn)
    return {
      state: 'foreign',
      differences: [],
      steps: [],
      obstacle: `QuickSight has a ${kind} of the id that ${name} would have, which this deployment has not made. Choose another --name.`,
    }
  if (found.status === 'CREATION_FAILED')
    return {
      state: 'differs',
      differences: [`it could not be made: ${found.errors.join(' ')}`],
      steps: [{ does: `Delete the ${kind} ${name}, which could not be made.`, call: remove }, make],
    }
  const hasFailed = found.status === 'UPDATE_FAILED'
  if (found.content === content && !hasFailed) return { state: 'same', differences: [], steps: [] }
  const difference = hasFailed ? `its last change failed: ${found.errors.join(' ')}` : 'it was made for other settings'
  const Tags = [{ Key: contentTag, Value: content }]
  return {
    state: 'differs',
    differences: [difference],
    steps: [
      ...update(found.version + 1),
      {
        does: `Note what the ${kind} ${name} was made for.`,
        call: { operation: 'quicksight:TagResource', input: { ResourceArn: arn, Tags } },
      },
    ],
  }
}

const firstWaitMs = 200
const longestWaitMs = 5000
const waits = 30

/** QuickSight works on after its answer: this waits until it has done. */
async function settled(describe: () => Promise<AssetState>): Promise<AssetState> {
  let waitMs = firstWaitMs
  for (let left = waits; ; left--) {
    const state = await describe()
    if (left === 0 || state.status?.endsWith('_IN_PROGRESS') !== true) return state
    await systemTiming.wait(waitMs)
    waitMs = Math.min(waitMs * 2, longestWaitMs)
  }
}

/** The tags that one is made with. */
export function assetTags(setup: string, content: string): { Key: string; Value: string }[] {
  return [
    { Key: setupTag, Value: setup },
    { Key: contentTag, Value: content },
  ]
}

/** Errors as sentences. */
export function sentencesOf(
  errors: readonly { readonly Type?: string | undefined; readonly Message?: string | undefined }[] | undefined,
): string[] {
  return (errors ?? []).map(({ Type = 'ERROR', Message = 'QuickSight says no more' }) => `${Type}: ${Message}.`)
}
