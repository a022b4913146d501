import { z } from 'zod'

/** A message as it was received. */
export interface QueueMessage {
  readonly id: string
  /** Of this time of receiving it: the next one has another. */
  readonly receiptHandle: string
  readonly body: string
  /** About how often it was received, this time included. */
  readonly receiveCount: number
  /** Epoch milliseconds. */
  readonly sentAtMs: number
}

/** A message that a batch did not delete, or keep hidden. */
export interface FailedReceipt {
  readonly receiptHandle: string
  /** Such as `ReceiptHandleIsInvalid` or `InternalError`; `NoAnswer` where the answer does not name it. */
  readonly code: string
  readonly message: string
  /** The message is visible again, received by another, or gone: asking again with this receipt cannot help. */
  readonly isReceiptInvalid: boolean
}

/** What a queue is, and what is in it. */
export interface QueueAttributes {
  readonly arn: string
  /** Messages to be received; these three are approximate. */
  readonly visible: number
  /** Messages that were received, and neither deleted nor visible again. */
  readonly notVisible: number
  readonly delayed: number
  /** How long a received message is hidden where the receiver does not say. */
  readonly visibilitySeconds: number
  readonly retentionSeconds: number
  /** JSON; undefined where there is none. */
  readonly policy: string | undefined
  /** Where messages go that were received too often. */
  readonly redrivePolicy: { readonly deadLetterTargetArn: string; readonly maxReceiveCount: number } | undefined
}

/** Attributes are texts in SQS, numbers as well. */
const count = z
  .string()
  .regex(/^\d{1,15}$/)
  .transform(Number)

export const queueUrlAnswer = z.object({ QueueUrl: z.string().min(1) }).transform(({ QueueUrl }) => QueueUrl)

export const messageAttributes = ['ApproximateReceiveCount', 'SentTimestamp'] as const

export const messagesAnswer = z
  .object({
    Messages: z
      .array(
        z.object({
          MessageId: z.string(),
          ReceiptHandle: z.string(),
          Body: z.string(),
          Attributes: z.object({ ApproximateReceiveCount: count, SentTimestamp: count }),
        }),
      )
      .nullish(),
  })
  .transform(({ Messages }): readonly QueueMessage[] =>
    (Messages ?? []).map(({ MessageId, ReceiptHandle, Body, Attributes }) => ({
      id: MessageId,
      receiptHandle: ReceiptHandle,
      body: Body,
      receiveCount: Attributes.ApproximateReceiveCount,
      sentAtMs: Attributes.SentTimestamp,
    })),
  )

export const batchAnswer = z.object({
  Successful: z.array(z.object({ Id: z.string() })).nullish(),
  Failed: z.array(z.object({ Id: z.string(), Code: z.string(), Message: z.string().nullish() })).nullish(),
})

/** What of a batch failed; ids are places in it. An entry that the answer does not name counts as failed. */
export function readBatch(answer: z.infer<typeof batchAnswer>, receiptHandles: readonly string[]): FailedReceipt[] {
  const done = new Set(answer.Successful?.map(({ Id }) => Id))
  const failed = new Map(answer.Failed?.map(({ Id, Code, Message }) => [Id, { code: Code, message: Message ?? Code }]))
  return receiptHandles.flatMap((receiptHandle, place) => {
    const failure = failed.get(String(place))
    if (failure === undefined && done.has(String(place))) return []
    const { code, message } = failure ?? { code: 'NoAnswer', message: 'The answer does not name the message.' }
    return [{ receiptHandle, code, message, isReceiptInvalid: isAboutReceipt(code, message) }]
  })
}

/** SQS says of an expired receipt `InvalidParameterValue`, and the rest in words. */
function isAboutReceipt(code: string, message: string): boolean {
  const [word = ''] = /\w*$/.exec(code) ?? []
  if (['ReceiptHandleIsInvalid', 'MessageNotInflight', 'InvalidIdFormat'].includes(word)) return true
  return word === 'InvalidParameterValue' && /receipt ?handle/i.test(message)
}

const redrive = z.object({
  deadLetterTargetArn: z.string(),
  maxReceiveCount: z.union([z.number(), count]),
})

export const attributeNames = [
  'QueueArn',
  'ApproximateNumberOfMessages',
  'ApproximateNumberOfMessagesNotVisible',
  'ApproximateNumberOfMessagesDelayed',
  'VisibilityTimeout',
  'MessageRetentionPeriod',
  'Policy',
  'RedrivePolicy',
] as const

export const attributesAnswer = z
  .object({
    Attributes: z.object({
      QueueArn: z.string(),
      ApproximateNumberOfMessages: count,
      ApproximateNumberOfMessagesNotVisible: count,
      ApproximateNumberOfMessagesDelayed: count,
      VisibilityTimeout: count,
      MessageRetentionPeriod: count,
      Policy: z.string().optional(),
      RedrivePolicy: z.string().optional(),
    }),
  })
  .transform(({ Attributes: given }): QueueAttributes => ({
    arn: given.QueueArn,
    visible: given.ApproximateNumberOfMessages,
    notVisible: given.ApproximateNumberOfMessagesNotVisible,
    delayed: given.ApproximateNumberOfMessagesDelayed,
    visibilitySeconds: given.VisibilityTimeout,
    retentionSeconds: given.MessageRetentionPeriod,
    policy: given.Policy === '' ? undefined : given.Policy,
    redrivePolicy: readRedrive(given.RedrivePolicy),
  }))

function readRedrive(text: string | undefined): QueueAttributes['redrivePolicy'] {
  try {
    return text === undefined ? undefined : redrive.parse(JSON.parse(text))
  } catch {
    return undefined
  }
}
