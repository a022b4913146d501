import type { Aws } from '../../aws/aws.ts'
import { messageOf } from '../../errors.ts'
import { readS3Url } from '../../stages/s3.ts'
import type { StageTarget } from './stage-access.ts'

/** The queue that a pipe reads. */
export interface PipeQueue {
  readonly url: string
  readonly arn: string
}

/** A queue by its URL or ARN. */
export async function namedQueue(aws: Aws, queue: string): Promise<PipeQueue> {
  const client = aws.sqs()
  const url = await client.queueUrl(queue)
  return { url, arn: queue.startsWith('arn:') ? queue : (await client.attributes(url)).arn }
}

/** How long AWS is asked before a pipe goes on without a queue. */
const limitMs = 10_000

/**
 * The queue `millrace-<bucket>` of the bucket's region, which is made where there is none; or why there is none. Its policy lets that bucket send, and nobody
 * else: the bucket's notifications are for its owner to set.
 */
export async function ownQueue(
  aws: () => Promise<Aws>,
  { url, access }: Pick<StageTarget, 'url' | 'access'>,
): Promise<PipeQueue | { readonly why: string }> {
  let timer: NodeJS.Timeout | undefined
  const late = new Promise<never>((_resolve, reject) => {
    timer = setTimeout(() => {
      reject(new Error('AWS did not answer in ten seconds'))
    }, limitMs)
  })
  try {
    return await Promise.race([makeQueue(await aws(), url, access), late])
  } catch (error) {
    return { why: messageOf(error) }
  } finally {
    clearTimeout(timer)
  }
}

async function makeQueue(aws: Aws, stageUrl: string, access: StageTarget['access']): Promise<PipeQueue> {
  const { bucket } = readS3Url(stageUrl)
  const region = await aws.s3(access).bucketRegion(bucket)
  const client = aws.sqs(region)
  // Names of queues have no dots, and 80 characters at most.
  const name = `millrace-${bucket.replaceAll('.', '-')}`.slice(0, 80)
  const url = await client.create(name)
  const { arn, policy } = await client.attributes(url)
  if (policy === undefined) await client.setAttributes(url, { Policy: JSON.stringify(policyFor(arn, bucket)) })
  return { url, arn }
}

/** Lets a bucket send to the queue (S3 User Guide, "Granting permissions to publish event notification messages"). */
function policyFor(queueArn: string, bucket: string): object {
  const [, partition = 'aws'] = queueArn.split(':')
  return {
    Version: '2012-10-17',
    Statement: [
      {
        Sid: 'NotificationsOfTheBucket',
        Effect: 'Allow',
        Principal: { Service: 's3.amazonaws.com' },
        Action: 'sqs:SendMessage',
        Resource: queueArn,
        Condition: { ArnLike: { 'aws:SourceArn': `arn:${partition}:s3:::${bucket}` } },
      },
    ],
  }
}
