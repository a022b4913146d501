import { filled, namesOf } from './names.ts'
import { type Place, queueArn, roleArn } from './place.ts'
import type { Setup } from './setup.ts'

/** What a lake would read of a setup, by one kind of logs. */
export interface SetUpSource {
  readonly logType: string
  /** Such as `s3://logs/AWSLogs/`. */
  readonly url: string
  /** ARN. */
  readonly queue: string | undefined
  readonly role: string | undefined
  readonly externalId: string | undefined
}

/** The kinds of logs that a setup lets come, and where. Pure. */
export function sourcesOf(setup: Setup, place: Place): SetUpSource[] {
  if (setup.bucket.account !== undefined && setup.bucket.account !== place.accountId) return []
  const { delivery, access_logs: logs } = setup
  return [
    ...(delivery.flow_logs ? [sourceOf(setup, place, 'vpc-flow-logs')] : []),
    ...(logs === undefined ? [] : [sourceOf(setup, place, 's3-access-logs')]),
  ]
}

/** Where logs of a kind come within a setup; kinds that are not set up here come below the prefix of the events. */
export function sourceOf(setup: Setup, place: Place, logType: string): SetUpSource {
  const { delivery, events, reader, access_logs: logs } = setup
  const { bucket, queue, role } = namesOf(setup, place)
  const folders: Readonly<Record<string, string | undefined>> = {
    'vpc-flow-logs': `${delivery.prefix}AWSLogs/`,
    'tgw-flow-logs': `${delivery.prefix}AWSLogs/`,
    's3-access-logs': logs?.prefix,
  }
  const folder = folders[logType] ?? events.prefix.replace(/[^/]*$/, '')
  return {
    logType,
    url: `${schemes[place.partition] ?? 's3'}://${filled(bucket, place)}/${folder}`,
    queue: events.by === 'none' ? undefined : queueArn(place, queue),
    role: reader === undefined ? undefined : roleArn(place, role),
    externalId: reader?.external_id,
  }
}

/** As Snowflake has them. */
const schemes: Readonly<Record<string, string>> = { 'aws-cn': 's3china', 'aws-us-gov': 's3gov' }

/** The command that makes a lake read a source. */
export function addCommand({ logType, url, queue, role, externalId }: SetUpSource): string {
  const flags = { queue, role, 'external-id': externalId }
  const given = Object.entries(flags).flatMap(([flag, value]) => (value === undefined ? [] : [`--${flag} ${value}`]))
  return ['millrace add', logType, url, ...given].join(' ')
}
