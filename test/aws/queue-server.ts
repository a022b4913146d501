import type { CredentialSource, Credentials } from '../../src/aws/credentials.ts'
import { customEndpoint } from '../../src/aws/endpoints.ts'
import { SqsClient } from '../../src/aws/sqs.ts'
import type { Answer } from './answers.ts'
import { TestClock, fixed, keys } from './clients.ts'
import { openPools, serve } from './servers.ts'
import { verifySignature } from './verify-signature.ts'

export const queueUrl = 'https://sqs.eu-west-1.amazonaws.com/123456789012/logs'
export const queueArn = 'arn:aws:sqs:eu-west-1:123456789012:logs'

/** A request to SQS whose signature was right. */
export interface MetAction {
  /** Such as `AmazonSQS.ReceiveMessage`. */
  readonly target: string | undefined
  readonly contentType: string | undefined
  readonly region: string
  readonly body: unknown
}

/** How a server answers what a request asked for. */
export type ActionAnswer = (met: MetAction) => Answer

interface ServedQueue {
  readonly client: SqsClient
  readonly met: MetAction[]
  readonly clock: TestClock
}

/**
 * A server that verifies signatures and gives one answer after the other, the last one again and again; and a client of it. Keys whose turn is over are refused as
 * AWS refuses expired ones.
 */
export async function serveSqs(
  answers: readonly ActionAnswer[],
  { accepted = keys, credentials = fixed(keys) }: { accepted?: Credentials; credentials?: CredentialSource } = {},
): Promise<ServedQueue> {
  const met: MetAction[] = []
  const clock = new TestClock()
  const url = await serve((request, response) => {
    const parts: Buffer[] = []
    request.on('data', (part: Buffer) => parts.push(part))
    request.on('end', () => {
      const text = Buffer.concat(parts).toString('utf8')
      const verdict = verifySignature(request, text, accepted, clock.time)
      const isRight =
        'region' in verdict && verdict.service === 'sqs' && request.method === 'POST' && request.url === '/'
      if (!isRight) {
        const expired = 'code' in verdict && verdict.code === 'InvalidAccessKeyId'
        const type = expired ? 'ExpiredTokenException' : 'InvalidSignatureException'
        refusing(403, `com.amazon.coral.service#${type}`)(response, request)
        return
      }
      const [target, contentType] = [request.headers['x-amz-target'], request.headers['content-type']]
      const action = {
        target: typeof target === 'string' ? target : undefined,
        contentType,
        region: verdict.region,
        body: JSON.parse(text),
      }
      const answer = answers[Math.min(met.length, answers.length - 1)]
      met.push(action)
      answer?.(action)(response, request)
    })
  })
  const endpoints = (): ReturnType<typeof customEndpoint> => customEndpoint(url, 'AWS_ENDPOINT_URL_SQS')
  const client = new SqsClient({ pools: openPools(), credentials, timing: clock, endpoints, region: 'us-east-1' })
  return { client, met, clock }
}

/** An answer as SQS gives it. */
export function telling(body: unknown): ActionAnswer {
  return () => (response) => {
    response.writeHead(200, { 'content-type': 'application/x-amz-json-1.0' }).end(JSON.stringify(body))
  }
}

/** An error as SQS words it (Developer Guide, "Interpreting Amazon SQS JSON API responses"). */
export function refusing(status: number, type: string, message = 'It was refused.', headers: object = {}): Answer {
  return (response) => {
    response
      .writeHead(status, { 'content-type': 'application/x-amz-json-1.0', 'x-amzn-requestid': 'REQUEST1', ...headers })
      .end(JSON.stringify({ __type: type, message }))
  }
}
