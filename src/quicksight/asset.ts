import type { QuickSight } from '@aws-sdk/client-quicksight'
import type { Call } from '../aws-setup/operations.ts'
import type { Place } from '../aws-setup/place.ts'
import type { WantedBase } from '../aws-setup/resource.ts'
import { type Step, setupTags } from '../aws-setup/step.ts'
import { type AssetType, type Deployment, type Grant, assetArn, contentOf, grantsOf } from './deployment.ts'

/** A data source, a data set or a dashboard. */
export interface WantedAsset extends WantedBase {
  readonly kind: 'data source' | 'data set' | 'dashboard'
  /** The name of the deployment that it belongs to. */
  readonly setup: string
  readonly arn: string
  /** What says, as a tag, that it has been sent as it is wanted now. */
  readonly content: string
  readonly create: Call
  /** What makes one that is there what is wanted. `version` is the one that comes next. */
  readonly update: (version: number) => readonly Step[]
  readonly remove: Call
  readonly describe: (quicksight: QuickSight) => Promise<AssetState>
}

/** How one is. */
export interface AssetState {
  /** Such as `CREATION_SUCCESSFUL`; data sets have none. */
  readonly status?: string | undefined
  /** Why it, or its latest version, could not be made. */
  readonly errors: readonly string[]
  /** In words, what is there otherwise than it is wanted. What QuickSight does not tell is no difference. */
  readonly differences: readonly string[]
  /** Of a dashboard: the version that people see, and the one that was made last. */
  readonly versions?: { readonly published: number; readonly latest: number }
}

interface Tag {
  readonly Key: string
  readonly Value: string
}

/** What is of one kind alone. */
interface Parts {
  readonly kind: WantedAsset['kind']
  readonly type: AssetType
  readonly name: string
  /** What is sent of it, whether it is made or changed. */
  readonly own: object
  readonly create: (more: { Permissions?: Grant[]; Tags: Tag[] }) => Call
  readonly change: (version: number) => readonly Step[]
  readonly grant: (GrantPermissions: Grant[]) => Call
  readonly remove: Call
  readonly describe: (quicksight: QuickSight) => Promise<AssetState>
}

/** Says, as a tag, what was sent: QuickSight adds to definitions, so that they cannot be compared with what was wanted. */
export const contentTag = 'millrace:content'
/** Which version of a dashboard that was. */
export const versionTag = 'millrace:version'

/** What all kinds have in common. A change is noted last: what breaks on the way is done again. */
export function assetOf(place: Place, deployment: Deployment, parts: Parts): WantedAsset {
  const { kind, type, name, own, create, change, grant, remove, describe } = parts
  const setup = deployment.name
  const arn = assetArn(place, deployment, type)
  const grants = grantsOf(place, deployment, type)
  const content = contentOf({ own, grants })
  const noteTags = (version: number): Tag[] => [
    { Key: contentTag, Value: content },
    ...(type === 'dashboard' ? [{ Key: versionTag, Value: String(version) }] : []),
  ]
  const [Permissions] = grants
  return {
    kind,
    name,
    setup,
    arn,
    content,
    create: create({
      ...(Permissions === undefined ? {} : { Permissions }),
      Tags: [...setupTags(setup), ...noteTags(1)],
    }),
    update: (version) => [
      ...change(version),
      ...grants.map((granted) => ({ does: `Say who owns the ${kind} ${name}.`, call: grant(granted) })),
      {
        does: `Note what the ${kind} ${name} was made for.`,
        call: { operation: 'quicksight:TagResource', input: { ResourceArn: arn, Tags: noteTags(version) } },
      },
    ],
    remove,
    describe,
  }
}

/** Errors as sentences. */
export function sentencesOf(
  errors: readonly { readonly Type?: string | undefined; readonly Message?: string | undefined }[] | undefined,
): string[] {
  return (errors ?? []).map(({ Type = 'ERROR', Message = 'QuickSight says no more' }) => `${Type}: ${Message}.`)
}

/** A difference in words; none where QuickSight does not tell what is there. */
export function otherThan(what: string, there: string | undefined, wanted: string): string[] {
  return there === undefined || there === wanted ? [] : [`its ${what} is ${there}, not ${wanted}`]
}
