import type { Kind } from '../aws-setup/resource.ts'
import { unless } from '../aws-setup/refusals.ts'
import { isMadeBy } from '../aws-setup/step.ts'
import { systemTiming } from '../aws/timing.ts'
import { type AssetState, type WantedAsset, contentTag, versionTag } from './asset.ts'

/** One as it is there, once QuickSight has done with it. */
interface FoundAsset extends AssetState {
  readonly isOwn: boolean
  /** What its tags say. */
  readonly content: string | undefined
  readonly version: string | undefined
}

const notThere = ['ResourceNotFoundException']

/** What is done with all that a deployment makes. */
export const assetKind: Kind<WantedAsset, FoundAsset> = {
  async read(wanted, on) {
    const quicksight = await on.quicksight()
    const state = await unless(
      notThere,
      settled(() => wanted.describe(quicksight)),
    )
    if (state === undefined) return undefined
    const { Tags = [] } = await quicksight.listTagsForResource({ ResourceArn: wanted.arn })
    const valueOf = (key: string): string | undefined => Tags.find(({ Key }) => Key === key)?.Value
    return { ...state, content: valueOf(contentTag), version: valueOf(versionTag), isOwn: isMadeBy(wanted.setup, Tags) }
  },

  compare(wanted, found) {
    const { kind, name, create, update, remove } = wanted
    const make = { does: `Make the ${kind} ${name}.`, call: create }
    if (found === undefined) return { state: 'missing', differences: [], steps: [make] }
    if (!found.isOwn)
      return {
        state: 'foreign',
        differences: [],
        steps: [],
        obstacle: `QuickSight has a ${kind} of the id that ${name} would have, which this deployment has not made. Choose another --name.`,
      }
    const { status, errors, versions } = found
    const latest = versions?.latest ?? 0
    // What people see of an earlier version is not thrown away for a later one that failed.
    if (status === 'CREATION_FAILED' && latest <= 1)
      return {
        state: 'differs',
        differences: [`it could not be made: ${errors.join(' ')}`],
        steps: [{ does: `Delete the ${kind} ${name}, which could not be made.`, call: remove }, make],
        hasFailed: true,
      }
    const differences = differencesOf(wanted, found)
    if (differences.length === 0) return { state: 'same', differences, steps: [] }
    const hasFailed = status === 'UPDATE_FAILED'
    return { state: 'differs', differences, steps: update(latest + 1), hasFailed }
  },

  remove({ kind, name, remove }, { isOwn }) {
    if (!isOwn) return { steps: [], remarks: [`The ${kind} ${name} stays: this deployment has not made it.`] }
    return { steps: [{ does: `Delete the ${kind} ${name}.`, call: remove }] }
  },

  facts: (_, { status, errors }) => [...(status === undefined ? [] : [`Its status is ${status}.`]), ...errors],
}

function differencesOf(wanted: WantedAsset, found: FoundAsset): string[] {
  const { status, errors, versions, content, version, differences } = found
  const isNoted = content === wanted.content
  const isOthers = versions !== undefined && version !== String(versions.published)
  const isFailed = status === 'UPDATE_FAILED' || (!isNoted && errors.length > 0)
  return [
    ...(isFailed ? [`its last change failed: ${errors.join(' ')}`] : []),
    ...differences,
    ...(isNoted && isOthers
      ? [`its version ${versions.published}, which is published, was made by somebody else`]
      : []),
    ...(isNoted || differences.length > 0 ? [] : ['it was made for other settings']),
  ]
}

const firstWaitMs = 50
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
