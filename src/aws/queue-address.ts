import { MillraceError } from '../errors.ts'
import { type Endpoint, type Endpoints, customEndpoint, isRegion, partitionOf } from './endpoints.ts'

/** A queue as ARNs name it. */
export interface QueueName {
  /** Undefined where it was not given. */
  readonly region: string | undefined
  /** Twelve digits; undefined where it was not given. */
  readonly accountId: string | undefined
  readonly name: string
}

/** Where the requests of a queue go. */
export interface QueueAddress {
  readonly region: string
  readonly endpoint: Endpoint
  /** For errors and policies: `*` stands for an account that is not known. */
  readonly arn: string
}

/** Names of queues (SQS Developer Guide, "Message queue quotas"). */
const nameForm = /^(?=.{1,80}$)[\w-]+(?:\.fifo)?$/
const arnForm = /^arn:aws[a-z-]*:sqs:(?<region>[a-z\d-]+):(?<account>\d{12}):(?<name>[^:]+)$/

/** Reads the name or the ARN of a queue. Throws USAGE for what is neither. */
export function readQueueName(text: string): QueueName {
  const { region, account: accountId, name = text } = arnForm.exec(text)?.groups ?? {}
  if (nameForm.test(name) && (region === undefined || isRegion(region))) return { region, accountId, name }
  throw new MillraceError(
    'USAGE',
    `${text} is no queue. Give its URL, or its ARN, such as arn:aws:sqs:eu-west-1:123456789012:logs.`,
  )
}

/** The address of a queue by its name, in a region where the name does not say one. */
export function addressOfName(queue: QueueName, endpoints: Endpoints, usualRegion: string): QueueAddress {
  const region = queue.region ?? usualRegion
  return { region, endpoint: endpoints('sqs', region), arn: arnOf(region, queue) }
}

/** AWS's own hosts (SQS Developer Guide, "Queue URLs"; AWS General Reference for the older ones). */
const awsHost = /^(?:sqs\.(?<region>[a-z\d-]+)|(?:(?<older>[a-z\d-]+)\.)?queue)\.amazonaws\.com(?:\.cn)?$/
/** Of an endpoint in a VPC, with FIPS, or of an emulator. */
const otherHost = /(?:^|\.)sqs(?:-fips)?\.(?<region>[a-z]{2,5}(?:-[a-z]+)+-\d+)\./

/**
 * The address of a queue by its URL: the endpoint that the user has set; else AWS's regional one where the URL is AWS's; else the URL's own, as for an
 * endpoint in a VPC. Throws USAGE for what is no URL.
 */
export function addressOfUrl(queueUrl: string, endpoints: Endpoints, usualRegion: string): QueueAddress {
  const url = URL.canParse(queueUrl) ? new URL(queueUrl) : undefined
  const [name = '', account = ''] = url?.pathname.split('/').toReversed() ?? []
  if (url === undefined || !['http:', 'https:'].includes(url.protocol) || name === '')
    throw new MillraceError(
      'USAGE',
      `${url === undefined ? queueUrl : url.origin} is no URL of a queue. Give one such as https://sqs.eu-west-1.amazonaws.com/123456789012/logs.`,
    )
  const aws = awsHost.exec(url.hostname)?.groups
  const region =
    aws === undefined
      ? (otherHost.exec(url.hostname)?.groups?.['region'] ?? usualRegion)
      : (aws['region'] ?? aws['older'] ?? 'us-east-1')
  const given = endpoints('sqs', region)
  const endpoint = given.isCustom || aws !== undefined ? given : customEndpoint(url.origin, "The queue's URL")
  const accountId = /^\d{12}$/.test(account) ? account : undefined
  return { region, endpoint, arn: arnOf(region, { accountId, name }) }
}

function arnOf(region: string, { accountId = '*', name }: Pick<QueueName, 'accountId' | 'name'>): string {
  return `arn:${partitionOf(region)}:sqs:${region}:${accountId}:${name}`
}
