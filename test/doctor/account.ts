import type { IncomingMessage, ServerResponse } from 'node:http'
import { buffer } from 'node:stream/consumers'
import { startFauxqs } from 'fauxqs'
import { Aws } from '../../src/aws/aws.ts'
import { failing } from '../aws/answers.ts'
import { BucketServer } from '../aws/bucket-server.ts'
import { keys } from '../aws/clients.ts'
import { refusing } from '../aws/queue-server.ts'
import { startServer } from '../aws/servers.ts'
import { StsServer } from '../aws/sts-server.ts'

/** What is wrong in an account, beside what its policies say. */
export interface Wrongs {
  /** Actions that are refused, such as `s3:ListBucket`. */
  denied: ReadonlySet<string>
  /** What the bucket notifies, as XML within its configuration. */
  notification: string
  /** How far S3's clock is behind this machine's, in milliseconds. */
  behindMs: number
}

/** An AWS of the test's own: a bucket `logs` and STS that verify signatures, and a queue of fauxqs. */
export interface Account {
  readonly wrongs: Wrongs
  readonly sts: StsServer
  readonly bucket: BucketServer
  readonly queueUrl: string
  readonly queueArn: string
  /** Lets the policy be sent to the queue; an empty one is none. */
  setPolicy(policy: string): Promise<void>
  send(body: string): Promise<void>
  messages(): Promise<number>
  close(): Promise<void>
}

export const nothingWrong: Wrongs = { denied: new Set(), notification: '', behindMs: 0 }

export async function openAccount(): Promise<Account> {
  const wrongs: Wrongs = { ...nothingWrong }
  const sts = new StsServer(keys, Date.now)
  const bucket = new BucketServer('logs', keys, Date.now)
  bucket.sessions = sts.sessions
  const faux = await startFauxqs({ port: 0, logger: false })
  const sqsUrl = `http://127.0.0.1:${faux.port}`

  const answerS3 = (request: IncomingMessage, response: ServerResponse): void => {
    const action = s3Action(request)
    response.setHeader('date', new Date(Date.now() - wrongs.behindMs).toUTCString())
    if (wrongs.denied.has(action)) failing(403, 'AccessDenied')(response, request)
    else if (action === 's3:GetBucketNotification')
      response.end(`<NotificationConfiguration>${wrongs.notification}</NotificationConfiguration>`)
    else bucket.respond(request, response)
  }
  const answerSqs = async (request: IncomingMessage, response: ServerResponse): Promise<void> => {
    const target = String(request.headers['x-amz-target'])
    const action = target.replace('AmazonSQS.', 'sqs:').replace(/Batch$/, '')
    const body = await buffer(request)
    if (wrongs.denied.has(action)) refusing(403, 'com.amazon.coral.service#AccessDeniedException')(response, request)
    else {
      const headers = { 'content-type': 'application/x-amz-json-1.0', 'x-amz-target': target }
      const passed = await fetch(sqsUrl, { method: 'POST', headers, body })
      response.writeHead(passed.status, { 'content-type': 'application/x-amz-json-1.0' }).end(await passed.text())
    }
  }
  const servers = [
    await startServer(answerS3),
    await startServer((request, response) => void answerSqs(request, response)),
    await startServer(sts.respond),
  ] as const
  Object.assign(process.env, {
    AWS_ENDPOINT_URL_S3: servers[0].url,
    AWS_ENDPOINT_URL_SQS: servers[1].url,
    AWS_ENDPOINT_URL_STS: servers[2].url,
    AWS_REGION: 'eu-west-1',
    AWS_ACCESS_KEY_ID: keys.accessKeyId,
    AWS_SECRET_ACCESS_KEY: keys.secretAccessKey,
  })
  const aws = await Aws.open(process.env)
  const queues = aws.sqs()
  const queueUrl = await queues.create('events')
  const { arn: queueArn } = await queues.attributes(queueUrl)
  return {
    wrongs,
    sts,
    bucket,
    queueUrl,
    queueArn,
    setPolicy: (policy) => queues.setAttributes(queueUrl, { Policy: policy }),
    send: async (body) => {
      const headers = { 'content-type': 'application/x-amz-json-1.0', 'x-amz-target': 'AmazonSQS.SendMessage' }
      await fetch(sqsUrl, { method: 'POST', headers, body: JSON.stringify({ QueueUrl: queueUrl, MessageBody: body }) })
    },
    messages: async () => (await queues.attributes(queueUrl)).visible,
    close: async () => {
      await aws.close()
      for (const server of servers) await server.close()
      await faux.stop()
    },
  }
}

function s3Action({ method, url = '' }: IncomingMessage): string {
  const [path = '', query = ''] = url.split('?')
  if (query.startsWith('notification')) return 's3:GetBucketNotification'
  if (path !== '/logs/') return 's3:GetObject'
  return method === 'HEAD' ? 's3:HeadBucket' : 's3:ListBucket'
}
