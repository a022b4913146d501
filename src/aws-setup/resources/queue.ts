import type { Kind, WantedBase } from '../resource.ts'
import { isSame } from '../policy.ts'
import { unless } from '../refusals.ts'
import { setupTag } from '../step.ts'

/** A queue, or the one that takes what nobody can load. */
export interface WantedQueue extends WantedBase {
  readonly kind: 'queue' | 'dead-letter queue'
  readonly setup: string
  /** As AWS writes it. */
  readonly url: string
  readonly arn: string
  /** As the API takes them: numbers and JSON as text. */
  readonly attributes: Readonly<Record<string, string>>
}

interface FoundQueue {
  readonly isOwn: boolean
  readonly attributes: Readonly<Record<string, string>>
}

/** What SQS says where there is no such queue, by the old protocol and the new. */
export const noQueue = ['QueueDoesNotExist', 'AWS.SimpleQueueService.NonExistentQueue']

export const queueKind: Kind<WantedQueue, FoundQueue> = {
  async read({ url: QueueUrl, setup }, on) {
    const sqs = await on.sqs()
    const answer = await unless(noQueue, sqs.getQueueAttributes({ QueueUrl, AttributeNames: ['All'] }))
    if (answer === undefined) return undefined
    const tags = await unless(noQueue, sqs.listQueueTags({ QueueUrl }))
    return { isOwn: tags?.Tags?.[setupTag] === setup, attributes: answer.Attributes ?? {} }
  },

  compare({ kind, name, setup, url, attributes }, found) {
    if (found === undefined) {
      const input = { QueueName: name, Attributes: { ...attributes }, tags: { [setupTag]: setup } }
      return {
        state: 'missing',
        differences: [],
        steps: [{ does: `Make the ${kind} ${name}.`, call: { operation: 'sqs:CreateQueue', input } }],
      }
    }
    const changed = Object.entries(attributes).filter(([key, value]) => !isSameValue(found.attributes[key], value))
    const differences = changed.map(
      ([key, value]) => `its ${key} is ${found.attributes[key] ?? 'not set'}, not ${value}`,
    )
    if (!found.isOwn)
      return {
        state: 'foreign',
        differences,
        steps: [],
        remarks: [
          `The ${kind} ${name} was there before. It is used with its own settings, and never deleted.`,
          ...keyRemarks(found.attributes['KmsMasterKeyId'], kind, name),
        ],
      }
    if (changed.length === 0) return { state: 'same', differences, steps: [] }
    const input = { QueueUrl: url, Attributes: Object.fromEntries(changed) }
    const names = changed.map(([key]) => key).join(', ')
    return {
      state: 'differs',
      differences,
      steps: [{ does: `Set ${names} of the ${kind} ${name}.`, call: { operation: 'sqs:SetQueueAttributes', input } }],
    }
  },

  remove({ kind, name, url }, { isOwn }) {
    if (!isOwn) return { steps: [], remarks: [`The ${kind} ${name} stays: this setup has not made it.`] }
    const call = { operation: 'sqs:DeleteQueue', input: { QueueUrl: url } } as const
    return { steps: [{ does: `Delete the ${kind} ${name} with its messages.`, call }] }
  },

  facts({ kind }, { attributes }) {
    const waiting = Number(attributes['ApproximateNumberOfMessages'] ?? 0)
    const read = Number(attributes['ApproximateNumberOfMessagesNotVisible'] ?? 0)
    const dead = kind === 'dead-letter queue' && waiting > 0 ? ' Nobody could load what they tell of.' : ''
    return [`About ${waiting} messages wait and ${read} are being read.${dead}`]
  },
}

/** S3 User Guide, "Granting permissions to publish event notification messages": an AWS managed key lets no service use it. */
function keyRemarks(key: string | undefined, kind: WantedQueue['kind'], name: string): string[] {
  if (key === undefined || key === '' || kind !== 'queue') return []
  return [
    `The queue ${name} encrypts by the key ${key}: its policy has to let s3.amazonaws.com, or events.amazonaws.com for EventBridge, do kms:GenerateDataKey and kms:Decrypt, and the reader's role kms:Decrypt. AWS's own key alias/aws/sqs lets none of them.`,
  ]
}

/** JSON has no order of keys. */
function isSameValue(found: string | undefined, wanted: string): boolean {
  if (found === wanted) return true
  if (found === undefined || !wanted.startsWith('{')) return false
  try {
    return isSame(withText(JSON.parse(found)), withText(JSON.parse(wanted)))
  } catch {
    return false
  }
}

/** SQS gives a number where it was given as text, and the other way round. */
function withText(value: unknown): unknown {
  if (typeof value !== 'object' || value === null) return value
  return Object.fromEntries(Object.entries(value).map(([key, part]) => [key, String(part)]))
}
