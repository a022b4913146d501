import type { Diagnosis } from '../api.ts'
import type { Aws } from '../aws/aws.ts'
import type { QueueAttributes } from '../aws/queue-answers.ts'
import { MillraceError } from '../errors.ts'
import type { Pipe } from '../pipes/pipe.ts'
import { readS3Url } from '../stages/s3.ts'
import { errorOf, within } from './check.ts'
import { judgeRoute } from './notification.ts'

/** Whether a pipe's queue can be read, and the bucket's events reach it. */
export async function examineQueue(
  subject: string,
  aws: () => Promise<Aws>,
  pipe: Pipe,
  queueUrl: string,
): Promise<readonly Diagnosis[]> {
  const state: { attributes: QueueAttributes | undefined } = { attributes: undefined }
  const known = await within(subject, `The queue ${queueUrl}`, async () => {
    state.attributes = await (await aws()).sqs().attributes(queueUrl)
    return []
  })
  if (state.attributes === undefined) return known
  const read = await Promise.all([
    within(subject, `The queue ${queueUrl}`, async (signal) => {
      const queues = (await aws()).sqs()
      const received = await queues.receive({ queueUrl, max: 1, waitSeconds: 0, visibilitySeconds: 1, signal })
      // Visible again at once: those who load shall have it.
      const extensions = received.map(({ receiptHandle }) => ({ receiptHandle, seconds: 0 }))
      if (extensions.length > 0) await queues.extend(queueUrl, extensions)
      return []
    }),
    within(subject, `The queue ${queueUrl}`, async () => {
      // There is no such message: what counts is whether the request is allowed.
      await (await aws()).sqs().remove(queueUrl, ['of-the-doctor'])
      return []
    }),
  ])
  return [...read.flat(), ...(await examineRoute(subject, aws, pipe, state.attributes))]
}

function examineRoute(
  subject: string,
  aws: () => Promise<Aws>,
  pipe: Pipe,
  { arn: queueArn, policy }: QueueAttributes,
): Promise<readonly Diagnosis[]> {
  const { bucket, path } = readS3Url(pipe.url)
  const prefix = `${path}${path === '' || path.endsWith('/') ? '' : '/'}${pipe.prefix}`
  return within(subject, `The bucket ${bucket}, asked whom it notifies,`, async (signal) => {
    try {
      const notification = await (await aws()).s3(pipe.access).bucketNotification(bucket, signal)
      return judgeRoute({ subject, bucket, prefix, queueArn, policy }, notification)
    } catch (error) {
      signal.throwIfAborted()
      // Reading logs does not need it.
      if (error instanceof MillraceError) return [{ ...errorOf(subject, error), level: 'warning' }]
      throw error
    }
  })
}
