import type { Value } from '../../api.ts'
import { changedOptions, objectKind } from '../execution/object-kind.ts'
import { type Outcome, outcomeOf } from '../execution/plan.ts'
import { optionName } from '../statement/options.ts'
import type { CreateStorageIntegration } from '../statements/storage-integration.ts'

const needed = ['storageAwsRoleArn', 'storageAllowedLocations', 'enabled', 'type', 'storageProvider'] as const

/** Who takes the role: an ARN, or why it is not known. */
export type Caller = { readonly arn: string } | { readonly why: string }

/** The external id that the role's trust policy has to name, where the statement gives none. */
function withExternalId(definition: CreateStorageIntegration, random: Uint8Array): CreateStorageIntegration {
  const { options } = definition
  if (options.storageAwsExternalId !== undefined) return definition
  const storageAwsExternalId = `MILLRACE_SFCRole=2_${Buffer.from(random).toString('base64')}`
  return { ...definition, options: { ...options, storageAwsExternalId } }
}

function callerRow(caller: Caller): readonly Value[] {
  const property = ['STORAGE_AWS_IAM_USER_ARN', 'String']
  return 'arn' in caller
    ? [...property, caller.arn, null, 'Who takes the role: what its trust policy has to name as Principal.']
    : [...property, null, null, caller.why]
}

function rowsOf({ options }: CreateStorageIntegration, caller: Caller): (readonly Value[])[] {
  const list = (locations: readonly string[] | undefined): string => (locations ?? []).join(',')
  return [
    ['ENABLED', 'Boolean', String(options.enabled ?? false), 'false', null],
    ['STORAGE_PROVIDER', 'String', options.storageProvider ?? null, null, null],
    ['STORAGE_ALLOWED_LOCATIONS', 'List', list(options.storageAllowedLocations), '[]', null],
    ['STORAGE_BLOCKED_LOCATIONS', 'List', list(options.storageBlockedLocations), '[]', null],
    callerRow(caller),
    ['STORAGE_AWS_ROLE_ARN', 'String', options.storageAwsRoleArn ?? null, null, null],
    [
      'STORAGE_AWS_EXTERNAL_ID',
      'String',
      options.storageAwsExternalId ?? null,
      null,
      "What the role's trust policy has to ask for as sts:ExternalId.",
    ],
    ...(options.storageAwsObjectAcl === undefined
      ? []
      : [['STORAGE_AWS_OBJECT_ACL', 'String', options.storageAwsObjectAcl, null, null]]),
    ['USE_PRIVATELINK_ENDPOINT', 'Boolean', String(options.usePrivatelinkEndpoint ?? false), 'false', null],
    ['COMMENT', 'String', options.comment ?? null, null, null],
  ]
}

/** The rows of DESC. */
export function describeIntegration(definition: CreateStorageIntegration, caller: Caller): Outcome {
  return outcomeOf(
    ['property', 'property_type', 'property_value', 'property_default', 'description'],
    rowsOf(definition, caller),
  )
}

/** Snowflake's manual, STORAGE INTEGRATION: the role by which a bucket is read. */
export const storageIntegration = objectKind({
  type: 'STORAGE INTEGRATION',
  title: 'Integration',
  level: 'account',
  creates: 'create-storage-integration',
  alters: 'alter-storage-integration',
  unsupported: (statement) => {
    if (statement.kind === 'create-storage-integration' || statement.change.action !== 'unset') return undefined
    const { options } = statement.change
    const lost = needed.find((key) => options.includes(key))
    return lost === undefined ? undefined : `an integration cannot be without ${optionName(lost)}; take SET`
  },
  define: (definition, _key, { random }) => withExternalId(definition, random),
  alter: (definition, { change }, _key, { random }) => {
    const options = changedOptions(definition.options, change)
    return { definition: withExternalId({ ...definition, options }, random) }
  },
  describe: (definition) => describeIntegration(definition, { why: 'AWS was not asked who the caller is.' }),
  columns: ['name', 'type', 'category', 'enabled', 'comment', 'created_on TIMESTAMP'],
  row: ({ options }, { name, createdAt }) => [
    name,
    options.type ?? null,
    'STORAGE',
    String(options.enabled ?? false),
    options.comment ?? null,
    createdAt,
  ],
})
