import type { Access } from '../../aws/aws.ts'
import type { Keeping } from '../../aws/put-object.ts'
import type { CatalogObject } from '../../catalog/objects.ts'
import { canonicalUrl } from '../../stages/canonical.ts'
import { isOfEvents } from '../../stages/log-group.ts'
import type { Listing, Stage } from '../../stages/stage.ts'
import { missing } from '../execution/alter.ts'
import { failed } from '../execution/failure.ts'
import { whyNotAllowed } from '../execution/locations.ts'
import { fold, keyOf, shownName } from '../execution/names.ts'
import { find } from '../execution/plan.ts'
import type { StageLocation } from '../statement/stage-location.ts'
import type { CreateStage } from '../statements/stage.ts'
import type { ActionContext } from './action.ts'

/** Where a statement's stage leads. */
export interface StageTarget {
  readonly object: CatalogObject
  readonly definition: CreateStage
  /** The stage's own URL, with a slash at its end. */
  readonly url: string
  /** The URL with the path behind the stage's name. */
  readonly location: string
  readonly access: Access
  /** Locations that the integration blocks. */
  readonly blocked: readonly string[]
  /** How what is written is to be kept. */
  readonly keeping: Keeping
}

/** Finds the stage that a statement names, and with what it is reached. Refuses what the integration does not allow. */
export function stageTarget(
  { stage, path }: StageLocation,
  context: Pick<ActionContext, 'objects' | 'session'>,
): StageTarget {
  const key = keyOf('STAGE', 'schema', stage, context.session)
  const object = find(context.objects, key)
  if (object?.definition.kind !== 'create-stage') throw missing(key)
  const { options } = object.definition
  const url = withSlash(options.url ?? '')
  const location = path === '' ? url : `${url}${path}`
  return {
    object,
    definition: object.definition,
    url,
    location,
    ...reach(object, location, options, context.objects),
  }
}

/** Opens the stage that a statement names, with what lies behind the path. What the integration blocks is not there. */
export async function openStage(
  location: StageLocation,
  context: ActionContext,
  listing: Omit<Listing, 'prefix'> = {},
): Promise<StageTarget & { readonly stage: Stage }> {
  const target = stageTarget(location, context)
  const { path: prefix } = location
  const stage = await context.lake.stages.open(target.url, target.access, { ...listing, prefix })
  return { ...target, stage: without(target.blocked, stage) }
}

function without(blocked: readonly string[], stage: Stage): Stage {
  if (blocked.length === 0) return stage
  return {
    ...stage,
    async *list(signal) {
      for await (const objects of stage.list(signal))
        yield objects.filter(({ uri }) => whyNotAllowed(uri, ['*'], blocked) === undefined)
    },
  }
}

/** With what a location is reached, and what beneath it is not. */
function reach(
  stage: CatalogObject,
  location: string,
  { endpoint, requesterPays, encryption, storageIntegration: named }: CreateStage['options'],
  objects: readonly CatalogObject[],
): Pick<StageTarget, 'access' | 'blocked' | 'keeping'> {
  const keeping = { encryption: encryptions[encryption?.type ?? 'NONE'], kmsKeyId: encryption?.kmsKeyId }
  const place = { endpoint, requesterPays }
  if (named === undefined) return { access: place, blocked: [], keeping }
  const name = named.map(fold)[0] ?? ''
  const integration = find(objects, { kind: 'STORAGE INTEGRATION', database: '', schema: '', name })
  if (integration?.definition.kind !== 'create-storage-integration')
    throw failed(
      `Stage ${shownName(stage)} names the integration ${name}, which does not exist; make it, or ALTER the stage`,
    )
  const {
    enabled,
    storageAwsRoleArn,
    storageAwsExternalId,
    storageAwsObjectAcl: acl,
    storageAllowedLocations = [],
    storageBlockedLocations = [],
  } = integration.definition.options
  if (enabled !== true)
    throw failed(`Integration ${name} is not enabled; say ALTER STORAGE INTEGRATION ${name} SET ENABLED = TRUE`)
  // At every use, since the integration may have changed after the stage was made.
  const why = whyNotAllowed(location, storageAllowedLocations, storageBlockedLocations)
  if (why !== undefined)
    throw failed(
      `${location} of stage ${shownName(stage)} is ${why} by integration ${name}; take a location that it allows (${storageAllowedLocations.join(', ')}), or ALTER the integration`,
    )
  return {
    access: { roleArn: storageAwsRoleArn, externalId: storageAwsExternalId, ...place },
    blocked: storageBlockedLocations.map(canonicalUrl),
    keeping: { ...keeping, acl },
  }
}

/** Snowflake's names of encryption, as S3 calls them. */
const encryptions = { AWS_SSE_S3: 'AES256', AWS_SSE_KMS: 'aws:kms', SNOWFLAKE_SSE: undefined, NONE: undefined } as const

function withSlash(url: string): string {
  return url.endsWith('/') || isOfEvents(url) ? url : `${url}/`
}
