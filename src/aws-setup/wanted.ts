import { MillraceError } from '../errors.ts'
import type { LoggedBucket } from './logged-buckets.ts'
import { filled, namesOf, sidsOf } from './names.ts'
import { type Place, logGroupArn, queueArn, queueUrl, roleArn, ruleArn } from './place.ts'
import type { Statement } from './policy.ts'
import { type Resource, bind } from './resource.ts'
import { accessLoggingKind } from './resources/access-logging.ts'
import { bucketKind } from './resources/bucket.ts'
import { bucketPolicyKind } from './resources/bucket-policy.ts'
import { encryptionKind } from './resources/encryption.ts'
import { eventRuleKind } from './resources/event-rule.ts'
import { eventSwitchKind } from './resources/event-switch.ts'
import { eventTargetKind } from './resources/event-target.ts'
import { lifecycleKind } from './resources/lifecycle.ts'
import { notificationKind } from './resources/notification.ts'
import { accessBlockKind } from './resources/public-access-block.ts'
import { queueKind } from './resources/queue.ts'
import { queuePolicyKind } from './resources/queue-policy.ts'
import { roleKind } from './resources/role.ts'
import { rolePolicyKind } from './resources/role-policy.ts'
import type { Setup } from './setup.ts'
import * as statements from './statements.ts'
import { flowLogResources, flowLogsToGroup } from './wanted-flow-logs.ts'

/** What has to be known of the accounts besides the setup. */
export interface Surroundings {
  /** All accounts that this run sets up: they deliver into the bucket too where they share one. */
  readonly accounts: readonly string[]
  /** All buckets of this account in this region; asked for where the requests to all of them are logged. */
  readonly buckets: readonly LoggedBucket[]
}

/** What is wanted in one account, in the order in which AWS takes it without refusing: what is referred to stands before. Pure. */
export function wantedResources(setup: Setup, place: Place, surroundings: Surroundings): Resource[] {
  const flowLogs = flowLogResources(setup, place, surroundings.accounts)
  if (setup.bucket.account !== undefined && setup.bucket.account !== place.accountId) return flowLogs
  return [
    ...bucketResources(setup, place, surroundings),
    ...queueResources(setup, place),
    ...eventResources(setup, place),
    ...accessLogResources(setup, place, surroundings),
    ...readerResources(setup, place),
    ...flowLogs,
  ]
}

function bucketResources(setup: Setup, place: Place, surroundings: Surroundings): Resource[] {
  const { bucket: name, entry } = namesOf(setup, place)
  const { encryption, public_access_block: block, lifecycle } = setup.bucket
  const account = place.accountId
  const own = { name, account, setup: setup.name }
  return [
    bind(bucketKind, { kind: 'bucket', ...own, region: place.region }),
    bind(accessBlockKind, { kind: 'public access block', ...own, isAsked: block === true }),
    bind(encryptionKind, {
      kind: 'encryption',
      ...own,
      keyArn: keyOf(setup),
      takesAccessLogs: setup.access_logs !== undefined,
      isAsked: encryption !== undefined,
    }),
    ...(lifecycle === undefined
      ? []
      : [
          bind(lifecycleKind, {
            kind: 'lifecycle',
            name,
            account,
            id: entry,
            prefix: lifecycle.prefix,
            transitions: lifecycle.transitions.map((one) => ({ days: one.days, storageClass: one.class })),
            expireDays: lifecycle.expire_days,
          }),
        ]),
    bind(bucketPolicyKind, {
      kind: 'bucket policy',
      name,
      account,
      sids: sidsOf(setup.name),
      statements: deliveryStatements(setup, place, surroundings),
    }),
  ]
}

function keyOf({ bucket: { encryption } }: Setup): string | undefined {
  return encryption === undefined || encryption === 'AES256' ? undefined : encryption
}

function deliveryStatements(setup: Setup, place: Place, { accounts }: Surroundings): Statement[] {
  const { delivery, access_logs: logs } = setup
  const { bucket } = namesOf(setup, place)
  // Where each account has a bucket of its own, none delivers into that of another.
  const others = setup.bucket.account === undefined ? [] : [...accounts, ...accountsNamed(setup)]
  const all = [...new Set([place.accountId, ...others, ...delivery.accounts])]
  const isHere = delivery.regions.length === 0 || setup.flow_logs.some(({ to }) => to === 's3')
  const regions = [...new Set([...(isHere ? [place.region] : []), ...delivery.regions])]
  return [
    ...(delivery.flow_logs
      ? statements.flowLogStatements(place, {
          setup: setup.name,
          bucket,
          prefix: delivery.prefix,
          accounts: all,
          regions,
        })
      : []),
    ...(logs === undefined
      ? []
      : [
          statements.accessLogStatement(
            place,
            { setup: setup.name, bucket, prefix: logs.prefix },
            logs.buckets === 'all' ? 'all' : logs.buckets.map((name) => filled(name, place)),
          ),
        ]),
  ]
}

/** Whose flow logs go into the bucket, also of those that this run does not set up. */
function accountsNamed({ flow_logs: flowLogs }: Setup): string[] {
  return flowLogs.flatMap(({ to, account }) => (to === 's3' && account !== undefined ? [account] : []))
}

const daySeconds = 86_400
/** The longest that SQS keeps messages: those that nobody could load keep the time at which they first came. */
const deadLetterDays = 14

function queueResources(setup: Setup, place: Place): Resource[] {
  const { events, queue } = setup
  if (events.by === 'none') return []
  const names = namesOf(setup, place)
  const dead = names.deadLetterQueue
  const arn = queueArn(place, names.queue)
  const addressed = (name: string): { name: string; url: string; arn: string; setup: string } => ({
    name,
    url: queueUrl(place, name),
    arn: queueArn(place, name),
    setup: setup.name,
  })
  const redrive = { deadLetterTargetArn: queueArn(place, dead), maxReceiveCount: queue.max_receives }
  const sends =
    events.by === 'notification'
      ? statements.bucketSendsStatement(place, setup.name, names.bucket, arn)
      : statements.ruleSendsStatement(setup.name, ruleArn(place, names.rule), arn)
  return [
    bind(queueKind, {
      kind: 'dead-letter queue',
      ...addressed(dead),
      attributes: { MessageRetentionPeriod: String(deadLetterDays * daySeconds) },
    }),
    bind(queueKind, {
      kind: 'queue',
      ...addressed(names.queue),
      attributes: {
        VisibilityTimeout: String(queue.visibility_seconds),
        MessageRetentionPeriod: String(queue.retention_days * daySeconds),
        ReceiveMessageWaitTimeSeconds: '20',
        RedrivePolicy: JSON.stringify(redrive),
      },
    }),
    bind(queuePolicyKind, {
      kind: 'queue policy',
      name: names.queue,
      url: queueUrl(place, names.queue),
      sids: sidsOf(setup.name),
      statements: [sends],
      sender: events.by === 'notification' ? `the bucket ${names.bucket}` : `the rule ${names.rule}`,
    }),
  ]
}

function eventResources(setup: Setup, place: Place): Resource[] {
  const { by, prefix } = setup.events
  const { bucket, queue, rule, entry } = namesOf(setup, place)
  const account = place.accountId
  const to = queueArn(place, queue)
  if (by === 'notification')
    return [
      bind(notificationKind, { kind: 'event notification', name: bucket, account, id: entry, queueArn: to, prefix }),
    ]
  if (by === 'none') return []
  return [
    bind(eventSwitchKind, { kind: 'events to EventBridge', name: bucket, account, entry }),
    bind(eventRuleKind, {
      kind: 'event rule',
      name: rule,
      setup: setup.name,
      arn: ruleArn(place, rule),
      bucket,
      prefix,
    }),
    bind(eventTargetKind, { kind: 'event target', name: rule, id: entry, queueArn: to }),
  ]
}

function accessLogResources(
  { access_logs: logs, ...setup }: Setup,
  place: Place,
  { buckets }: Surroundings,
): Resource[] {
  if (logs === undefined) return []
  const target = namesOf(setup, place).bucket
  const isAll = logs.buckets === 'all'
  const sources: readonly LoggedBucket[] =
    logs.buckets === 'all' ? buckets : logs.buckets.map((name) => ({ name: filled(name, place) }))
  // Logs of the bucket that the logs go to would make logs without end.
  return sources
    .filter(({ name }) => name !== target)
    .map(({ name, leftOut }) =>
      bind(accessLoggingKind, {
        kind: 'access logging',
        name,
        account: place.accountId,
        region: place.region,
        target,
        prefix: logs.prefix,
        isNamed: !isAll,
        leftOut,
      }),
    )
}

function readerResources(setup: Setup, place: Place): Resource[] {
  const { reader, events, access_logs: logs } = setup
  if (reader === undefined) return []
  if (!reader.trusts.startsWith(`arn:${place.partition}:`))
    throw new MillraceError(
      'SETTING_INVALID',
      `reader.trusts is ${reader.trusts}, and a role in ${place.region} trusts only whom arn:${place.partition}: names. Name a user or role there.`,
    )
  const usual = new Set([events.prefix, ...(logs === undefined ? [] : [logs.prefix])])
  const { role, rolePolicy, bucket, queue, logGroup } = namesOf(setup, place)
  const hasQueue = events.by !== 'none'
  const document = statements.readerRights(place, {
    bucket,
    prefixes: reader.prefixes ?? [...usual],
    queue: hasQueue ? queueArn(place, queue) : undefined,
    key: keyOf(setup),
    logGroup: flowLogsToGroup(setup, place).length > 0 ? logGroupArn(place, logGroup) : undefined,
  })
  const trust = statements.readerTrust(reader.trusts, reader.external_id)
  return [
    bind(roleKind, {
      kind: "reader's role",
      name: role,
      arn: roleArn(place, role),
      setup: setup.name,
      description: 'Lets Millrace read logs, and the queue that tells of them.',
      trust,
    }),
    bind(rolePolicyKind, {
      kind: "reader's rights",
      name: role,
      policyName: rolePolicy,
      document,
      allows: `read the logs${hasQueue ? ' and take messages from the queue' : ''}`,
    }),
  ]
}
