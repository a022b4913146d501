import type { CloudWatchLogs } from '@aws-sdk/client-cloudwatch-logs'
import type { EC2 } from '@aws-sdk/client-ec2'
import type { EventBridge } from '@aws-sdk/client-eventbridge'
import type { IAM } from '@aws-sdk/client-iam'
import type { QuickSight } from '@aws-sdk/client-quicksight'
import type { S3 } from '@aws-sdk/client-s3'
import type { SQS } from '@aws-sdk/client-sqs'
import type { CredentialSource } from '../aws/credentials.ts'
import { customEndpoint } from '../aws/endpoints.ts'

/** The SDK's clients as one identity in one region. Each is loaded when it is first asked for. */
export interface Clients {
  ec2(): Promise<EC2>
  events(): Promise<EventBridge>
  iam(): Promise<IAM>
  logs(): Promise<CloudWatchLogs>
  quicksight(): Promise<QuickSight>
  s3(): Promise<S3>
  sqs(): Promise<SQS>
  /** Closes their connections. */
  close(): void
}

/** As whom, and where, they ask. */
export interface ClientOptions {
  readonly environment: NodeJS.ProcessEnv
  readonly region: string
  readonly credentials: CredentialSource
}

/** Keys, region and endpoint are those of the rest of Millrace: the SDK's own chain is asked for nothing. */
export function openClients({ environment, region, credentials: source }: ClientOptions): Clients {
  // The SDK warns of what its coming versions need. Millrace brings the one that it uses.
  process.env['AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED'] ??= 'true'
  const opened: { destroy(): void }[] = []
  const credentials = async (): Promise<{
    accessKeyId: string
    secretAccessKey: string
    sessionToken?: string
    expiration?: Date
  }> => {
    const { accessKeyId, secretAccessKey, sessionToken, expiresAtMs } = await source.get()
    return {
      accessKeyId,
      secretAccessKey,
      ...(sessionToken === undefined ? {} : { sessionToken }),
      ...(expiresAtMs === undefined ? {} : { expiration: new Date(expiresAtMs) }),
    }
  }
  const settings = (service: string): { region: string; credentials: typeof credentials; endpoint?: string } => {
    const endpoint = endpointOf(environment, service)
    return { region, credentials, ...(endpoint === undefined ? {} : { endpoint }) }
  }
  const once = <Client extends { destroy(): void }>(open: () => Promise<Client>): (() => Promise<Client>) => {
    let client: Promise<Client> | undefined
    return () => {
      client ??= open().then((made) => {
        opened.push(made)
        return made
      })
      return client
    }
  }
  return {
    ec2: once(async () => new (await import('@aws-sdk/client-ec2')).EC2(settings('EC2'))),
    events: once(async () => new (await import('@aws-sdk/client-eventbridge')).EventBridge(settings('EVENTBRIDGE'))),
    iam: once(async () => new (await import('@aws-sdk/client-iam')).IAM(settings('IAM'))),
    logs: once(
      async () => new (await import('@aws-sdk/client-cloudwatch-logs')).CloudWatchLogs(settings('CLOUDWATCH_LOGS')),
    ),
    quicksight: once(async () => new (await import('@aws-sdk/client-quicksight')).QuickSight(settings('QUICKSIGHT'))),
    s3: once(async () => {
      const given = settings('S3')
      const forcePathStyle = given.endpoint !== undefined
      return new (await import('@aws-sdk/client-s3')).S3({ ...given, forcePathStyle, followRegionRedirects: true })
    }),
    sqs: once(
      async () => new (await import('@aws-sdk/client-sqs')).SQS({ ...settings('SQS'), useQueueUrlAsEndpoint: false }),
    ),
    close: () => {
      for (const client of opened) client.destroy()
    },
  }
}

/** `AWS_ENDPOINT_URL_IAM` and the like, or `AWS_ENDPOINT_URL`; undefined for AWS's own. */
function endpointOf(environment: NodeJS.ProcessEnv, service: string): string | undefined {
  if (environment['AWS_IGNORE_CONFIGURED_ENDPOINT_URLS']?.toLowerCase() === 'true') return undefined
  const own = `AWS_ENDPOINT_URL_${service}`
  const name = environment[own] ? own : 'AWS_ENDPOINT_URL'
  const url = environment[name]
  if (url === undefined || url === '') return undefined
  const { origin, basePath } = customEndpoint(url, name)
  return `${origin}${basePath}`
}
