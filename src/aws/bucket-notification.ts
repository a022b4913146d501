import { MillraceError } from '../errors.ts'
import { type XmlElement, childOf, parseXml, textOf } from './xml.ts'

/** Whom a bucket notifies of what. */
export interface NotificationTarget {
  readonly id: string
  /** Of a queue, a topic or a Lambda function. */
  readonly arn: string
  /** Such as `s3:ObjectCreated:*`. */
  readonly events: readonly string[]
  /** Of keys, as the bucket holds it: with special characters encoded as in forms. Empty for all. */
  readonly prefix: string
  readonly suffix: string
}

/** What a bucket notifies. */
export interface BucketNotification {
  readonly queues: readonly NotificationTarget[]
  readonly topics: readonly NotificationTarget[]
  readonly functions: readonly NotificationTarget[]
  /** All events go to EventBridge, whose rules then choose. */
  readonly isOnEventBridge: boolean
}

/** Reads an answer to GetBucketNotificationConfiguration (API reference). `name` is what errors call the bucket. Throws SOURCE_REFUSED for what is none. */
export function readBucketNotification(body: string, name: string): BucketNotification {
  const root = parse(body, name)
  const targets = (element: string, arn: string): NotificationTarget[] =>
    root.children.filter((child) => child.name === element).map((child) => readTarget(child, arn, name))
  return {
    queues: targets('QueueConfiguration', 'Queue'),
    topics: targets('TopicConfiguration', 'Topic'),
    functions: targets('CloudFunctionConfiguration', 'CloudFunction'),
    isOnEventBridge: childOf(root, 'EventBridgeConfiguration') !== undefined,
  }
}

function parse(body: string, name: string): XmlElement {
  try {
    const root = parseXml(body)
    if (root.name === 'NotificationConfiguration') return root
  } catch (error) {
    throw broken(name, error)
  }
  throw broken(name)
}

function readTarget(element: XmlElement, arnName: string, name: string): NotificationTarget {
  const arn = textOf(element, arnName)
  if (arn === undefined) throw broken(name)
  return {
    id: textOf(element, 'Id') ?? '',
    arn,
    events: element.children.filter((child) => child.name === 'Event').map(({ text }) => text),
    prefix: ruleOf(element, 'prefix'),
    suffix: ruleOf(element, 'suffix'),
  }
}

/** S3 writes the names of rules with a capital at times. */
function ruleOf(element: XmlElement, rule: string): string {
  const rules = childOf(childOf(element, 'Filter'), 'S3Key')?.children ?? []
  const found = rules.find((child) => textOf(child, 'Name')?.toLowerCase() === rule)
  return textOf(found, 'Value') ?? ''
}

function broken(name: string, cause?: unknown): MillraceError {
  return new MillraceError(
    'SOURCE_REFUSED',
    `The notifications of ${name} cannot be read: the answer is not in its form. If AWS_ENDPOINT_URL is set, see whether S3 is spoken there.`,
    cause,
  )
}
