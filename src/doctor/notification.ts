import type { Diagnosis } from '../api.ts'
import type { BucketNotification, NotificationTarget } from '../aws/bucket-notification.ts'
import { letsBucketSend } from '../aws/queue-policy.ts'

/** A queue that a bucket's events should reach. */
export interface Route {
  readonly subject: string
  readonly bucket: string
  /** What the keys begin with that the pipe reads. */
  readonly prefix: string
  readonly queueArn: string
  /** Of the queue, as JSON. */
  readonly policy: string | undefined
}

/** Whether a bucket's events reach a queue, as far as its notifications and the queue's policy tell. Pure. */
export function judgeRoute(route: Route, notification: BucketNotification): Diagnosis[] {
  const { subject, bucket, queueArn } = route
  const own = notification.queues.filter(({ arn, events }) => arn === queueArn && events.some(isCreation))
  const others = [
    ...notification.topics.filter(({ events }) => events.some(isCreation)).map(({ arn }) => arn),
    ...(notification.isOnEventBridge ? ['EventBridge'] : []),
  ]
  if (own.length === 0 && others.length > 0)
    return [
      {
        level: 'ok',
        subject,
        message: `The bucket ${bucket} tells its events to ${others.join(' and ')}; whether they go on to ${queueArn} cannot be seen from here.`,
        mend: '',
      },
    ]
  return [...judgePolicy(route), ...(own.length === 0 ? [notNotified(route)] : judgeCover(route, own))]
}

function judgePolicy({ subject, bucket, queueArn, policy }: Route): Diagnosis[] {
  const bucketArn = arnOf(bucket, queueArn)
  if (letsBucketSend(policy, queueArn, bucketArn)) return []
  return [
    {
      level: 'error',
      subject,
      message: `The policy of the queue ${queueArn} does not let the bucket ${bucket} send.`,
      mend: `Allow sqs:SendMessage on ${queueArn} in the queue's policy to s3.amazonaws.com where aws:SourceArn is ${bucketArn}.`,
    },
  ]
}

function notNotified({ subject, bucket, prefix, queueArn }: Route): Diagnosis {
  return {
    level: 'warning',
    subject,
    message: `The bucket ${bucket} does not send its events to ${queueArn}, so new objects are found by listing only.`,
    mend: `Send s3:ObjectCreated:* ${prefix === '' ? '' : `of the prefix ${prefix} `}to that queue in the event notifications of ${arnOf(bucket, queueArn)}.`,
  }
}

function judgeCover({ subject, bucket, prefix, queueArn }: Route, own: readonly NotificationTarget[]): Diagnosis[] {
  const isCovering = (target: NotificationTarget): boolean =>
    prefix.startsWith(decoded(target.prefix)) && target.suffix === '' && target.events.includes('s3:ObjectCreated:*')
  if (own.some(isCovering)) return []
  const told = own.map((target) => {
    const keys = `${decoded(target.prefix)}*${decoded(target.suffix)}`
    return `${target.events.filter(isCreation).join(', ')} of ${keys}`
  })
  return [
    {
      level: 'warning',
      subject,
      message: `The bucket ${bucket} tells ${queueArn} of a part of what is read only (${told.join('; ')}); the rest is found by listing.`,
      mend: `Let the event notifications of ${arnOf(bucket, queueArn)} send s3:ObjectCreated:* of the prefix ${prefix === '' ? '(none)' : prefix} to that queue.`,
    },
  ]
}

function isCreation(event: string): boolean {
  return event.startsWith('s3:ObjectCreated:')
}

/** Filters of keys are held as forms encode them. */
function decoded(text: string): string {
  try {
    return decodeURIComponent(text.replaceAll('+', ' '))
  } catch {
    return text
  }
}

function arnOf(bucket: string, queueArn: string): string {
  const [, partition = 'aws'] = queueArn.split(':')
  return `arn:${partition}:s3:::${bucket}`
}
