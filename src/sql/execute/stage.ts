import type { Value } from '../../api.ts'
import type { CatalogObject, ObjectKey } from '../../catalog/objects.ts'
import { failed } from '../execution/failure.ts'
import { formatRows } from '../execution/format-properties.ts'
import { whyNotAllowed } from '../execution/locations.ts'
import { fold, keyOf, partOf, shownName } from '../execution/names.ts'
import { changedOptions, objectKind } from '../execution/object-kind.ts'
import { type Situation, find, outcomeOf } from '../execution/plan.ts'
import { printName } from '../statement/name.ts'
import type { CreateStage } from '../statements/stage.ts'

/** Checks what a stage names, and keeps those names so that they mean the same in every session. */
function checked(definition: CreateStage, key: ObjectKey, situation: Situation): CreateStage {
  const { url, storageIntegration, fileFormat } = definition.options
  if (url === undefined)
    throw failed(
      `Stage ${shownName(key)} has no URL, and Millrace keeps no files of its own; say URL = 's3://bucket/path/' or 'file:///path/'`,
    )
  const options = { ...definition.options }
  if (storageIntegration !== undefined)
    options.storageIntegration = [partOf(allowingIntegration(storageIntegration.map(fold), url, key, situation))]
  if (fileFormat?.form === 'named') {
    const format = keyOf('FILE FORMAT', 'schema', fileFormat.name, situation.session)
    if (find(situation.objects, format) === undefined)
      throw failed(`File format ${shownName(format)} does not exist; make it with CREATE FILE FORMAT`)
    // In the stage's own schema by its name alone, so that the two can be renamed together.
    const isBeside = format.database === key.database && format.schema === key.schema
    const parts = isBeside ? [format.name] : [format.database, format.schema, format.name]
    options.fileFormat = { form: 'named', name: parts.map(partOf) }
  }
  return { ...definition, options }
}

/** The name of the integration, once it is known to let the URL be reached. */
function allowingIntegration(
  name: readonly string[],
  url: string,
  key: ObjectKey,
  { objects }: Pick<Situation, 'objects'>,
): string {
  const [own = ''] = name
  const integration = find(objects, { kind: 'STORAGE INTEGRATION', database: '', schema: '', name: own })
  if (name.length > 1 || integration?.definition.kind !== 'create-storage-integration')
    throw failed(`Integration ${printName(name.map(partOf))} does not exist; make it with CREATE STORAGE INTEGRATION`)
  const { storageAllowedLocations = [], storageBlockedLocations = [] } = integration.definition.options
  const why = whyNotAllowed(url, storageAllowedLocations, storageBlockedLocations)
  if (why !== undefined)
    throw failed(
      `Stage ${shownName(key)} names ${url}, which is ${why} by integration ${own}: it allows ${storageAllowedLocations.join(', ')}${storageBlockedLocations.length === 0 ? '' : ` and blocks ${storageBlockedLocations.join(', ')}`}; take a location that it allows, or ALTER the integration`,
    )
  return own
}

/** The stage's options as they would be written in the session of the stage's own schema. */
function inOwnSchema(key: ObjectKey, situation: Situation): Situation {
  return { ...situation, session: { ...situation.session, database: key.database, schema: key.schema } }
}

function rowsOf({ options }: CreateStage, { objects }: Situation): (readonly Value[])[] {
  const { url, storageIntegration, fileFormat, directory, requesterPays } = options
  const integration = objects.find(
    ({ kind, name }) => kind === 'STORAGE INTEGRATION' && name === storageIntegration?.map(fold)[0],
  )
  const format =
    fileFormat?.form === 'named'
      ? [['FORMAT_NAME', 'String', printName(fileFormat.name), null]]
      : formatRows(fileFormat?.format ?? { type: 'CSV', options: {} })
  return [
    ...format.map((row) => ['STAGE_FILE_FORMAT', ...row]),
    ['STAGE_LOCATION', 'URL', 'String', JSON.stringify([url ?? '']), ''],
    ['STAGE_INTEGRATION', 'STORAGE_INTEGRATION', 'String', storageIntegration?.map(fold)[0] ?? '', ''],
    ['STAGE_CREDENTIALS', 'AWS_ROLE', 'String', credential(integration, 'storageAwsRoleArn'), ''],
    ['STAGE_CREDENTIALS', 'AWS_EXTERNAL_ID', 'String', credential(integration, 'storageAwsExternalId'), ''],
    ...(requesterPays === undefined
      ? []
      : [['STAGE_LOCATION', 'REQUESTER_PAYS', 'Boolean', String(requesterPays), 'false']]),
    ['DIRECTORY', 'ENABLE', 'Boolean', String(directory?.enable ?? false), 'false'],
    ['DIRECTORY', 'AUTO_REFRESH', 'Boolean', String(directory?.autoRefresh ?? false), 'false'],
  ]
}

function credential(integration: CatalogObject | undefined, key: 'storageAwsRoleArn' | 'storageAwsExternalId'): string {
  return integration?.definition.kind === 'create-storage-integration'
    ? (integration.definition.options[key] ?? '')
    : ''
}

/** Snowflake's manual, STAGE: a place with objects. */
export const stage = objectKind({
  type: 'STAGE',
  title: 'Stage area',
  level: 'schema',
  creates: 'create-stage',
  alters: 'alter-stage',
  unsupported: (statement) => {
    if (statement.kind === 'create-stage')
      return statement.temporary
        ? 'there are no temporary stages; leave TEMPORARY out, and DROP it when it is done with'
        : undefined
    return statement.change.action === 'refresh'
      ? 'directory tables are not run yet; take it out of the script'
      : undefined
  },
  define: checked,
  alter: (definition, { change }, key, situation) => {
    if (change.action === 'refresh') return { definition }
    const options = changedOptions(definition.options, change)
    // Names that ALTER brings are of this session; those that were there are of the stage's schema.
    const isNewFormat = change.action === 'set' && change.options.fileFormat !== undefined
    const scope = isNewFormat ? situation : inOwnSchema(key, situation)
    return { definition: checked({ ...definition, options }, key, scope) }
  },
  describe: (definition, _object, situation) =>
    outcomeOf(
      ['parent_property', 'property', 'property_type', 'property_value', 'property_default'],
      rowsOf(definition, situation),
    ),
  columns: [
    'created_on TIMESTAMP',
    'name',
    'database_name',
    'schema_name',
    'url',
    'has_credentials',
    'has_encryption_key',
    'owner',
    'comment',
    'region',
    'type',
    'cloud',
    'notification_channel',
    'storage_integration',
    'endpoint',
    'directory_enabled',
  ],
  row: ({ options }, { createdAt, name, database, schema }) => [
    createdAt,
    name,
    database,
    schema,
    options.url ?? null,
    'N',
    'N',
    null,
    options.comment ?? null,
    null,
    'EXTERNAL',
    options.url?.startsWith('s3') === true ? 'AWS' : null,
    null,
    options.storageIntegration?.map(fold)[0] ?? null,
    options.endpoint ?? null,
    options.directory?.enable === true ? 'Y' : 'N',
  ],
})
