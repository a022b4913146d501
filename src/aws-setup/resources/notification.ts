import type { NotificationConfiguration, QueueConfiguration } from '@aws-sdk/client-s3'
import type { Clients } from '../clients.ts'
import type { Kind, WantedBase } from '../resource.ts'
import { unless } from '../refusals.ts'
import type { Step } from '../step.ts'
import { noBucket } from './bucket.ts'

/** Own entry among whom a bucket notifies; S3 holds them all in one configuration. Named by its bucket. */
export interface WantedNotification extends WantedBase {
  readonly kind: 'event notification'
  readonly account: string
  /** By which the entry is known. */
  readonly id: string
  readonly queueArn: string
  /** Of keys, as they are; empty for all. */
  readonly prefix: string
}

const event = 's3:ObjectCreated:*'

/** The parts of a configuration that name a destination. */
type Target = Pick<QueueConfiguration, 'Id' | 'Events' | 'Filter'> & {
  readonly QueueArn?: string | undefined
  readonly TopicArn?: string | undefined
  readonly LambdaFunctionArn?: string | undefined
}

/** Whom a bucket notifies; undefined where there is no such bucket. */
export async function readConfiguration(
  Bucket: string,
  ExpectedBucketOwner: string,
  on: Clients,
): Promise<NotificationConfiguration | undefined> {
  const s3 = await on.s3()
  const answer = await unless(noBucket, s3.getBucketNotificationConfiguration({ Bucket, ExpectedBucketOwner }))
  if (answer === undefined) return undefined
  const { $metadata: _, ...configuration } = answer
  return configuration
}

export const notificationKind: Kind<WantedNotification, NotificationConfiguration> = {
  read: ({ name, account }, on) => readConfiguration(name, account, on),

  compare(wanted, found = {}) {
    const { id, name, prefix, queueArn } = wanted
    const own = found.QueueConfigurations?.find(({ Id }) => Id === id)
    // CloudFormation gives entries ids of its own.
    if ((found.QueueConfigurations ?? []).some((entry) => isAsWanted(entry, wanted)))
      return { state: 'same', differences: [], steps: [] }
    const QueueConfigurations = [...othersOf(found, id), entryOf(wanted)]
    const of = prefix === '' ? '' : ` of the prefix ${prefix}`
    const step = putStep(
      wanted,
      { ...found, QueueConfigurations },
      `Let the bucket ${name} tell ${queueArn} of new objects${of}`,
    )
    const overlap = targetsOf(found).find((target) => target.Id !== id && isOverlapping(target, prefix))
    return {
      state: own === undefined ? 'missing' : 'differs',
      differences: own === undefined ? [] : differencesOf(own, wanted),
      steps: [step],
      ...(overlap === undefined ? {} : { obstacle: obstacleOf(name, overlap) }),
    }
  },

  remove(wanted, found) {
    const others = othersOf(found, wanted.id)
    if (others.length === (found.QueueConfigurations?.length ?? 0)) return { steps: [] }
    const does = `Let the bucket ${wanted.name} tell ${wanted.queueArn} no more`
    return { steps: [putStep(wanted, { ...found, QueueConfigurations: others }, does)] }
  },

  facts: ({ id }, found) => {
    const others = targetsOf(found).filter((target) => target.Id !== id).length
    return others === 0 ? [] : [`The bucket notifies ${others} other ${others === 1 ? 'destination' : 'destinations'}.`]
  },
}

function putStep({ name, account, id }: WantedNotification, merged: NotificationConfiguration, does: string): Step {
  const others = targetsOf(merged).filter((target) => target.Id !== id).length
  const kept = others === 0 ? '' : `; ${others} ${others === 1 ? 'entry' : 'entries'} of others stay`
  const { QueueConfigurations = [], ...rest } = merged
  const configuration = QueueConfigurations.length === 0 ? rest : { ...rest, QueueConfigurations }
  const input = { Bucket: name, ExpectedBucketOwner: account, NotificationConfiguration: configuration }
  return { does: `${does}${kept}.`, call: { operation: 's3:PutBucketNotificationConfiguration', input } }
}

function entryOf({ id, queueArn, prefix }: WantedNotification): QueueConfiguration {
  const Filter = { Key: { FilterRules: [{ Name: 'prefix' as const, Value: encoded(prefix) }] } }
  return { Id: id, QueueArn: queueArn, Events: [event], ...(prefix === '' ? {} : { Filter }) }
}

function othersOf({ QueueConfigurations = [] }: NotificationConfiguration, id: string): QueueConfiguration[] {
  return QueueConfigurations.filter(({ Id }) => Id !== id)
}

function targetsOf(configuration: NotificationConfiguration): Target[] {
  const { QueueConfigurations = [], TopicConfigurations = [], LambdaFunctionConfigurations = [] } = configuration
  return [...QueueConfigurations, ...TopicConfigurations, ...LambdaFunctionConfigurations]
}

function isAsWanted(own: QueueConfiguration, wanted: WantedNotification): boolean {
  return differencesOf(own, wanted).length === 0
}

function differencesOf(own: QueueConfiguration, { id, queueArn, prefix }: WantedNotification): string[] {
  const rules = [ruleOf(own, 'prefix'), ruleOf(own, 'suffix')]
  return [
    ...(own.QueueArn === queueArn ? [] : [`its entry ${id} names ${own.QueueArn ?? 'no queue'}, not ${queueArn}`]),
    ...(own.Events?.join(' ') === event ? [] : [`its entry ${id} is of ${own.Events?.join(', ') ?? 'nothing'}`]),
    ...(rules[0] === prefix ? [] : [`its entry ${id} is of the prefix "${rules[0]}", not "${prefix}"`]),
    ...(rules[1] === '' ? [] : [`its entry ${id} is of the suffix "${rules[1]}" only`]),
  ]
}

/** S3 takes special characters as forms encode them (User Guide, "Configuring event notifications using object key name filtering"). */
function encoded(prefix: string): string {
  return prefix.split('/').map(encodeURIComponent).join('/').replaceAll('%20', '+')
}

function ruleOf({ Filter }: Target, name: 'prefix' | 'suffix'): string {
  const value = Filter?.Key?.FilterRules?.find((rule) => rule.Name?.toLowerCase() === name)?.Value ?? ''
  try {
    return decodeURIComponent(value.replaceAll('+', ' '))
  } catch {
    return value
  }
}

/** S3 refuses two entries for the same events whose prefixes and suffixes overlap; ours is of all suffixes. */
function isOverlapping(target: Target, prefix: string): boolean {
  const theirs = ruleOf(target, 'prefix')
  const isCreation = (target.Events ?? []).some((name) => name.startsWith('s3:ObjectCreated:'))
  return isCreation && (theirs.startsWith(prefix) || prefix.startsWith(theirs))
}

function obstacleOf(bucket: string, { Id, QueueArn, TopicArn, LambdaFunctionArn, ...other }: Target): string {
  const to = QueueArn ?? TopicArn ?? LambdaFunctionArn ?? 'another destination'
  const prefix = ruleOf({ ...other }, 'prefix')
  const of = prefix === '' ? 'of all objects' : `of the prefix ${prefix}`
  return `The bucket ${bucket} tells ${to} ${of} already (entry ${Id ?? 'without an id'}), and S3 allows one destination for the same objects. Take EventBridge (--events eventbridge), another prefix, or let that topic or queue go on to this one.`
}
