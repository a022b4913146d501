import { z } from 'zod'
import { MillraceError } from '../errors.ts'
import type { Endpoints } from './endpoints.ts'
import type { Subject } from './explain.ts'
import type { HttpAnswer } from './pools.ts'
import { type QueueAddress, addressOfName, addressOfUrl, readQueueName } from './queue-address.ts'
import {
  type FailedReceipt,
  type QueueAttributes,
  type QueueMessage,
  attributeNames,
  attributesAnswer,
  batchAnswer,
  messageAttributes,
  messagesAnswer,
  queueUrlAnswer,
  readBatch,
} from './queue-answers.ts'
import { explainQueue } from './queue-failures.ts'
import { SignedHttp, type SignedHttpOptions } from './signed-http.ts'

/** What an SQS client is made of. */
export interface SqsOptions extends SignedHttpOptions {
  readonly endpoints: Endpoints
  /** Of queues whose URL or ARN names none, such as `eu-west-1`. */
  readonly region: string
}

/** Which messages to receive. */
export interface ReceiveRequest {
  readonly queueUrl: string
  /** Messages at most, 1 to 10. */
  readonly max: number
  /** How long SQS waits for a first message: 0 to 20. */
  readonly waitSeconds: number
  /** How long others do not receive them, 0 to 43200; without it, as the queue is set. */
  readonly visibilitySeconds?: number | undefined
  readonly signal?: AbortSignal | undefined
}

/** A message to keep hidden for so many seconds from now on; 0 makes it visible at once. SQS allows 12 hours in all since it was received. */
export interface Extension {
  readonly receiptHandle: string
  readonly seconds: number
}

/** Ten messages of 1 MiB, each of whose characters JSON may write as two; more where they are odder. */
const maxAnswerBytes = 32 * 2 ** 20
const batchSize = 10

/**
 * Receives and deletes messages of queues, by SQS's JSON protocol. Errors are MillraceErrors: SOURCE_MISSING for a queue that does not exist, ACCESS_DENIED with the
 * action that is lacking, CREDENTIALS_INVALID, CLOCK_SKEWED, SOURCE_UNAVAILABLE and SOURCE_REFUSED. An aborted signal's reason is thrown as it is.
 */
export class SqsClient {
  private readonly http: SignedHttp
  private readonly endpoints: Endpoints
  private readonly region: string

  constructor({ endpoints, region, ...http }: SqsOptions) {
    this.http = new SignedHttp(http)
    this.endpoints = endpoints
    this.region = region
  }

  /** Messages, each hidden from others for a while. Those of an answer that is lost come again after that while. */
  async receive({
    queueUrl,
    max,
    waitSeconds,
    visibilitySeconds,
    signal,
  }: ReceiveRequest): Promise<readonly QueueMessage[]> {
    const request = {
      QueueUrl: queueUrl,
      MaxNumberOfMessages: max,
      WaitTimeSeconds: waitSeconds,
      VisibilityTimeout: visibilitySeconds,
      MessageSystemAttributeNames: messageAttributes,
    }
    return this.ask('ReceiveMessage', this.addressOf(queueUrl), request, messagesAnswer, signal)
  }

  /** Deletes messages, and returns those that were not. After a rejection the same can be asked for again. */
  async remove(queueUrl: string, receiptHandles: readonly string[], signal?: AbortSignal): Promise<FailedReceipt[]> {
    const entries = receiptHandles.map((receiptHandle) => ({ ReceiptHandle: receiptHandle }))
    return this.inBatches('DeleteMessageBatch', queueUrl, entries, signal)
  }

  /** Keeps messages hidden for longer, and returns those that it could not. */
  async extend(queueUrl: string, extensions: readonly Extension[], signal?: AbortSignal): Promise<FailedReceipt[]> {
    const entries = extensions.map(({ receiptHandle, seconds }) => ({
      ReceiptHandle: receiptHandle,
      VisibilityTimeout: seconds,
    }))
    return this.inBatches('ChangeMessageVisibilityBatch', queueUrl, entries, signal)
  }

  async attributes(queueUrl: string): Promise<QueueAttributes> {
    const request = { QueueUrl: queueUrl, AttributeNames: attributeNames }
    return this.ask('GetQueueAttributes', this.addressOf(queueUrl), request, attributesAnswer)
  }

  /** The URL of a queue by its name or ARN; a URL is returned as it is. */
  async queueUrl(nameOrArn: string): Promise<string> {
    if (/^https?:/i.test(nameOrArn)) return nameOrArn
    const queue = readQueueName(nameOrArn)
    const request = { QueueName: queue.name, QueueOwnerAWSAccountId: queue.accountId }
    return this.ask('GetQueueUrl', this.addressOfName(nameOrArn), request, queueUrlAnswer)
  }

  /** Creates a queue in the client's region and returns its URL. One that is there with the same attributes is taken. */
  async create(name: string, attributes: Readonly<Record<string, string>> = {}): Promise<string> {
    const request = { QueueName: name, Attributes: attributes }
    return this.ask('CreateQueue', this.addressOfName(name), request, queueUrlAnswer)
  }

  /** Sets attributes and leaves others as they are. SQS takes up to a minute until they hold everywhere. */
  async setAttributes(queueUrl: string, attributes: Readonly<Record<string, string>>): Promise<void> {
    const request = { QueueUrl: queueUrl, Attributes: attributes }
    await this.ask('SetQueueAttributes', this.addressOf(queueUrl), request, z.unknown())
  }

  private async inBatches(
    action: string,
    queueUrl: string,
    entries: readonly { readonly ReceiptHandle: string }[],
    signal: AbortSignal | undefined,
  ): Promise<FailedReceipt[]> {
    const failed: FailedReceipt[] = []
    for (let start = 0; start < entries.length; start += batchSize) {
      const batch = entries.slice(start, start + batchSize)
      const request = { QueueUrl: queueUrl, Entries: batch.map((entry, place) => ({ Id: String(place), ...entry })) }
      const answer = await this.ask(action, this.addressOf(queueUrl), request, batchAnswer, signal)
      const receiptHandles = batch.map(({ ReceiptHandle }) => ReceiptHandle)
      failed.push(...readBatch(answer, receiptHandles))
    }
    return failed
  }

  private addressOf(queueUrl: string): QueueAddress {
    return addressOfUrl(queueUrl, this.endpoints, this.region)
  }

  private addressOfName(nameOrArn: string): QueueAddress {
    return addressOfName(readQueueName(nameOrArn), this.endpoints, this.region)
  }

  private async ask<Answer>(
    action: string,
    { region, endpoint, arn }: QueueAddress,
    request: Readonly<Record<string, unknown>>,
    form: z.ZodType<Answer>,
    signal?: AbortSignal,
  ): Promise<Answer> {
    // A batch needs the permission of what it does.
    const subject: Subject = { name: `The queue ${arn}`, action: `sqs:${action.replace(/Batch$/, '')}`, resource: arn }
    try {
      const answer = await this.http.send(
        {
          origin: endpoint.origin,
          // Requests that wait for messages keep connections for long.
          lane: action === 'ReceiveMessage' ? arn : 'sqs',
          host: endpoint.host,
          method: 'POST',
          path: `${endpoint.basePath}/`,
          query: '',
          headers: {
            'content-type': 'application/x-amz-json-1.0',
            'x-amz-target': `AmazonSQS.${action}`,
            'user-agent': 'millrace',
          },
          body: JSON.stringify(request),
          scope: { region, service: 'sqs' },
          signal,
        },
        maxAnswerBytes,
      )
      return readAnswer(answer, form, subject)
    } catch (error) {
      throw explainQueue(error, subject, this.http.now())
    }
  }
}

/** An answer without a body is one to an action that says nothing. */
function readAnswer<Answer>({ body, isWhole }: HttpAnswer, form: z.ZodType<Answer>, { name, action }: Subject): Answer {
  try {
    if (!isWhole) throw new Error(`The answer is larger than ${maxAnswerBytes} bytes.`)
    return form.parse(body.length === 0 ? undefined : JSON.parse(body.toString('utf8')))
  } catch (error) {
    throw new MillraceError(
      'SOURCE_REFUSED',
      `${name} could not be asked: the answer to ${action} is not in its form. If AWS_ENDPOINT_URL is set, see whether SQS is spoken there.`,
      error,
    )
  }
}
