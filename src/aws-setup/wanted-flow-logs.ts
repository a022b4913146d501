import { MillraceError } from '../errors.ts'
import { type FieldFamily, defaultFormat, fullFormat } from './flow-log-fields.ts'
import { type GivenFlowLog, levelOf, nameOf } from './flow-log-form.ts'
import { namesOf } from './names.ts'
import { type Place, bucketArn, logGroupArn, roleArn } from './place.ts'
import { type Resource, bind } from './resource.ts'
import { deliveryRights, deliveryTrust } from './statements.ts'
import { type FlowLogSettings, flowLogKind } from './resources/flow-log.ts'
import { logGroupKind } from './resources/log-group.ts'
import { roleKind } from './resources/role.ts'
import { rolePolicyKind } from './resources/role-policy.ts'
import type { Setup } from './setup.ts'

/** The flow logs that are wanted in one account, and what they need for CloudWatch Logs. `accounts` are all that are set up. Pure. */
export function flowLogResources(setup: Setup, place: Place, accounts: readonly string[]): Resource[] {
  const nobodys = setup.flow_logs.find(({ account }) => account === undefined)
  if (nobodys !== undefined && accounts.length > 1)
    throw new MillraceError(
      'SETTING_INVALID',
      `Whose resources the flow log ${nameOf(nobodys)} is of is not said, and several accounts are set up. Add its account.`,
    )
  const own = setup.flow_logs.filter(({ account = place.accountId }) => account === place.accountId)
  if (own.some(({ to }) => to === 's3') && !setup.delivery.flow_logs)
    throw new MillraceError(
      'SETTING_INVALID',
      "Flow logs to S3 need the bucket's policy to let them in, or AWS writes one itself, over what is there. Leave out --no-flow-logs (delivery.flow_logs).",
    )
  if (own.some(({ to }) => to === 's3') && /(?:^|\/)AWSLogs\//.test(setup.delivery.prefix))
    throw new MillraceError(
      'SETTING_INVALID',
      `Flow logs cannot go into the folder ${setup.delivery.prefix}: AWS adds AWSLogs/ itself. Take another delivery.prefix.`,
    )
  return [
    ...(flowLogsToGroup(setup, place).length > 0 ? cloudWatchResources(setup, place) : []),
    ...own.map((given) => flowLogResource(setup, place, given)),
  ]
}

/** The flow logs of one account that go into its log group. */
export function flowLogsToGroup(setup: Setup, { accountId }: Place): GivenFlowLog[] {
  return setup.flow_logs.filter(({ to, account = accountId }) => to === 'cloud-watch-logs' && account === accountId)
}

/** Why no pipe can read the log group of one account; undefined where one can. */
export function formatsFault(setup: Setup, place: Place): string | undefined {
  const given = flowLogsToGroup(setup, place)
  if (new Set(given.map(sentFormat)).size <= 1 && new Set(given.map(familyOf)).size <= 1) return undefined
  return `Flow logs of several formats go into the log group ${namesOf(setup, place).logGroup}, where records have no header: no pipe can tell them apart. Give them one format, or set up the others by another --name.`
}

/** Whose fields the records have. */
export function familyOf({ resource_ids: [first = ''] }: GivenFlowLog): FieldFamily {
  return levelOf(first)?.family ?? 'vpc'
}

function cloudWatchResources(setup: Setup, place: Place): Resource[] {
  const { logGroup, deliveryRole, rolePolicy } = namesOf(setup, place)
  return [
    bind(logGroupKind, {
      kind: 'log group',
      name: logGroup,
      arn: logGroupArn(place, logGroup),
      setup: setup.name,
      retentionDays: setup.cloud_watch.retention_days,
      remarks: [formatsFault(setup, place)].flatMap((sentence) => sentence ?? []),
    }),
    bind(roleKind, {
      kind: 'delivery role',
      name: deliveryRole,
      arn: roleArn(place, deliveryRole),
      setup: setup.name,
      description: 'Lets VPC flow logs be delivered to CloudWatch Logs.',
      trust: deliveryTrust(place),
    }),
    bind(rolePolicyKind, {
      kind: 'delivery rights',
      name: deliveryRole,
      policyName: rolePolicy,
      document: deliveryRights(logGroupArn(place, logGroup)),
      allows: `write into the log group ${logGroup}`,
    }),
  ]
}

/** The fields of records that are not AWS's own format; undefined where they are. */
export function sentFormat(given: GivenFlowLog): string | undefined {
  const family = familyOf(given)
  const own = defaultFormat(family)
  const formats: Readonly<Record<string, string>> = { default: own, full: fullFormat(family, given.tag_fields) }
  const format = formats[given.format] ?? given.format
  return format === own ? undefined : format
}

function flowLogResource(setup: Setup, place: Place, given: GivenFlowLog): Resource {
  const { resource_ids: ids } = given
  const { type = 'VPC', family = 'vpc' } = levelOf(ids[0] ?? '') ?? {}
  const own = defaultFormat(family)
  const LogFormat = sentFormat(given) ?? own
  // Transit gateways refuse to be told of traffic, and all intervals but this (API reference, CreateFlowLogs).
  const isGateway = family === 'tgw'
  const settings: FlowLogSettings = {
    ...(isGateway ? {} : { TrafficType: given.traffic ?? 'ALL' }),
    ...destinationOf(setup, place, given),
    // What AWS takes by itself for gateways is all fields, which may become more; what is sent reads back as it was.
    ...(LogFormat === own && !isGateway ? {} : { LogFormat }),
    MaxAggregationInterval: isGateway ? 60 : (given.interval ?? 600),
    ...(given.tag_fields.length === 0
      ? {}
      : {
          TagFieldSpecifications: given.tag_fields.map(({ resource_type, keys }) => ({
            ResourceType: resource_type,
            TagKeys: [...keys],
          })),
        }),
  }
  return bind(flowLogKind, {
    kind: 'flow log',
    name: nameOf(given),
    setup: setup.name,
    resourceType: type,
    resourceIds: [...new Set(ids)],
    settings,
    defaultFormat: own,
    replace: given.replace,
  })
}

function destinationOf(setup: Setup, place: Place, { to, file_format, hive, hourly }: GivenFlowLog): FlowLogSettings {
  const { bucket, logGroup, deliveryRole } = namesOf(setup, place)
  if (to !== 's3')
    return {
      LogDestinationType: to,
      LogGroupName: logGroup,
      DeliverLogsPermissionArn: roleArn(place, deliveryRole),
    }
  const { prefix } = setup.delivery
  return {
    LogDestinationType: to,
    LogDestination: prefix === '' ? bucketArn(place, bucket) : `${bucketArn(place, bucket)}/${prefix}`,
    DestinationOptions: {
      FileFormat: file_format ?? 'plain-text',
      HiveCompatiblePartitions: hive ?? false,
      PerHourPartition: hourly ?? false,
    },
  }
}
