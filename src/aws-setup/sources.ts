import { MillraceError } from '../errors.ts'
import type { GivenFlowLog } from './flow-log-form.ts'
import { filled, namesOf } from './names.ts'
import { type Place, queueArn, roleArn } from './place.ts'
import type { Setup } from './setup.ts'
import { familyOf, flowLogsToGroup, formatsFault, sentFormat } from './wanted-flow-logs.ts'

/** What a lake would read of a setup, by one kind of logs. */
export interface SetUpSource {
  readonly logType: string
  /** Such as `s3://logs/AWSLogs/`, or `cloudwatch://eu-west-1/flow-logs`. */
  readonly url: string
  /** ARN. */
  readonly queue: string | undefined
  readonly role: string | undefined
  readonly externalId: string | undefined
  /** Of records in a log group, which have no header: undefined for AWS's own. */
  readonly format: string | undefined
}

/** The kinds of logs that a setup lets come, and where. Pure. Throws SETTING_INVALID where a log group gets several formats. */
export function sourcesOf(setup: Setup, place: Place): SetUpSource[] {
  const { delivery, access_logs: logs } = setup
  const inGroup = new Set(flowLogsToGroup(setup, place).map(typeOf))
  return [
    ...(delivery.flow_logs || inGroup.has('vpc-flow-logs') ? sourcesOfType(setup, place, 'vpc-flow-logs') : []),
    ...(inGroup.has('tgw-flow-logs') ? sourcesOfType(setup, place, 'tgw-flow-logs') : []),
    ...(logs === undefined ? [] : sourcesOfType(setup, place, 's3-access-logs')),
  ]
}

/**
 * Where logs of a kind come within a setup: into the bucket, into a log group, or both. Kinds that are not set up here come below the prefix of the events.
 * Pure. Throws SETTING_INVALID where a log group gets several formats.
 */
export function sourcesOfType(setup: Setup, place: Place, logType: string): SetUpSource[] {
  const isOwner = (setup.bucket.account ?? place.accountId) === place.accountId
  const reader = isOwner ? setup.reader : undefined
  const reading = {
    logType,
    role: reader === undefined ? undefined : roleArn(place, namesOf(setup, place).role),
    externalId: reader?.external_id,
  }
  const all = setup.flow_logs.filter((given) => typeOf(given) === logType)
  const isOfGroup = all.length > 0 && all.every(({ to }) => to !== 's3') && setup.delivery.accounts.length === 0
  return [
    ...(isOwner && !isOfGroup ? [bucketSource(setup, place, reading)] : []),
    ...(flowLogsToGroup(setup, place).some((given) => typeOf(given) === logType)
      ? [groupSource(setup, place, reading)]
      : []),
  ]
}

type Reading = Pick<SetUpSource, 'logType' | 'role' | 'externalId'>

function bucketSource(setup: Setup, place: Place, reading: Reading): SetUpSource {
  const { delivery, events, access_logs: logs } = setup
  const { bucket, queue } = namesOf(setup, place)
  const folders: Readonly<Record<string, string | undefined>> = {
    'vpc-flow-logs': `${delivery.prefix}AWSLogs/`,
    'tgw-flow-logs': `${delivery.prefix}AWSLogs/`,
    's3-access-logs': logs?.prefix,
  }
  const told = events.prefix.replace(/[^/]*$/, '')
  const folder = folders[reading.logType] ?? told
  return {
    ...reading,
    // What is told of is read, and the reader's role may list no more.
    url: `${schemes[place.partition] ?? 's3'}://${filled(bucket, place)}/${told.startsWith(folder) ? told : folder}`,
    queue: events.by === 'none' ? undefined : queueArn(place, queue),
    format: undefined,
  }
}

function groupSource(setup: Setup, place: Place, reading: Reading): SetUpSource {
  const { logGroup } = namesOf(setup, place)
  const fault = formatsFault(setup, place)
  if (fault !== undefined) throw new MillraceError('SETTING_INVALID', fault)
  const [format] = flowLogsToGroup(setup, place).map(sentFormat)
  return { ...reading, url: `cloudwatch://${place.region}/${logGroup}`, queue: undefined, format }
}

function typeOf(given: GivenFlowLog): string {
  return `${familyOf(given)}-flow-logs`
}

/** As Snowflake has them. */
const schemes: Readonly<Record<string, string>> = { 'aws-cn': 's3china', 'aws-us-gov': 's3gov' }

/** The command that makes a lake read a source. */
export function addCommand({ logType, url, queue, role, externalId, format }: SetUpSource): string {
  const flags = { queue, role, 'external-id': externalId, format: format === undefined ? undefined : `'${format}'` }
  const given = Object.entries(flags).flatMap(([flag, value]) => (value === undefined ? [] : [`--${flag} ${value}`]))
  return ['millrace add', logType, url, ...given].join(' ')
}
