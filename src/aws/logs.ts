import { z } from 'zod'
import { MillraceError } from '../errors.ts'
import { deniedAccess } from './denied.ts'
import { type Endpoints, partitionOf } from './endpoints.ts'
import { type Subject, explain } from './explain.ts'
import { Pace } from './pace.ts'
import type { HttpAnswer } from './pools.ts'
import { ServiceFailure } from './service-failure.ts'
import { SignedHttp, type SignedHttpOptions } from './signed-http.ts'
import { systemTiming } from './timing.ts'
import { TransportFailure } from './transport-failure.ts'

/** What a client of CloudWatch Logs is made of. */
export interface LogsOptions extends SignedHttpOptions {
  readonly endpoints: Endpoints
  readonly region: string
  /** Requests to begin in a second, at most: accounts have 5 or 10 in most regions (User Guide, "CloudWatch Logs quotas"). */
  readonly perSecond: number
}

/** An event of a log group. */
export interface LogEvent {
  readonly eventId: string
  /** Epoch milliseconds: of a flow log, when its record begins. */
  readonly timestamp: number
  readonly message: string
}

/** Which events are asked for; times are epoch milliseconds. */
export interface EventsRequest {
  readonly group: string
  readonly fromMs: number
  /** The first moment that is not meant. */
  readonly toMs: number
  /** Events of a page, at most 10,000. */
  readonly limit?: number | undefined
  /** Of the page before. */
  readonly token?: string | undefined
  readonly signal?: AbortSignal | undefined
}

/** A page may be empty and not be the last. */
export interface EventsPage {
  readonly events: readonly LogEvent[]
  readonly next: string | undefined
}

/** A page's token holds no longer: the range has to be asked for from its beginning. */
export class TokenEnded extends Error {}

const pageForm = z.object({
  events: z.array(z.object({ eventId: z.string(), timestamp: z.int(), message: z.string() })).nullish(),
  nextToken: z.string().nullish(),
})

/** A page has at most 1 MiB of messages, each of whose characters JSON may write as six, and what stands around 10,000 of them. */
const maxAnswerBytes = 32 * 2 ** 20

/**
 * Reads events of log groups, by the JSON protocol of CloudWatch Logs. Errors are MillraceErrors as those of SQS: SOURCE_MISSING for a group that does not exist,
 * ACCESS_DENIED with the action that is lacking, SOURCE_UNAVAILABLE after several attempts; and TokenEnded.
 */
export class LogsClient {
  private readonly http: SignedHttp
  private readonly endpoints: Endpoints
  private readonly region: string
  private readonly pace: Pace

  constructor({ endpoints, region, perSecond, ...http }: LogsOptions) {
    this.http = new SignedHttp(http)
    this.endpoints = endpoints
    this.region = region
    this.pace = new Pace(perSecond, http.timing ?? systemTiming)
  }

  /** A page of the events of a range, in the order that CloudWatch Logs gives: by time, as far as it keeps to that. */
  async events({ group, fromMs, toMs, limit, token, signal }: EventsRequest): Promise<EventsPage> {
    const arn = `arn:${partitionOf(this.region)}:logs:${this.region}:*:log-group:${group}`
    const subject: Subject = {
      name: `The log group ${group} of ${this.region}`,
      action: 'logs:FilterLogEvents',
      resource: arn,
    }
    // Its end counts as within the range.
    const request = { logGroupName: group, startTime: fromMs, endTime: toMs - 1, limit, nextToken: token }
    const { origin, host, basePath } = this.endpoints('logs', this.region)
    await this.pace.wait(signal)
    try {
      const answer = await this.http.send(
        {
          origin,
          host,
          method: 'POST',
          path: `${basePath}/`,
          query: '',
          headers: {
            'content-type': 'application/x-amz-json-1.1',
            'x-amz-target': 'Logs_20140328.FilterLogEvents',
            'user-agent': 'millrace',
          },
          body: JSON.stringify(request),
          scope: { region: this.region, service: 'logs' },
          signal,
        },
        maxAnswerBytes,
      )
      return readPage(answer, subject)
    } catch (error) {
      if (token !== undefined && error instanceof ServiceFailure && error.code === 'InvalidParameterException')
        throw new TokenEnded(error.message, { cause: error })
      throw explainLogs(error, subject, this.http.now())
    }
  }
}

function readPage({ body, isWhole }: HttpAnswer, { name }: Subject): EventsPage {
  try {
    if (!isWhole) throw new Error(`The answer is larger than ${maxAnswerBytes} bytes.`)
    const { events, nextToken } = pageForm.parse(JSON.parse(body.toString('utf8')))
    return { events: events ?? [], next: nextToken || undefined }
  } catch (error) {
    throw new MillraceError(
      'SOURCE_REFUSED',
      `${name} could not be read: the answer is not in the form of FilterLogEvents. If AWS_ENDPOINT_URL is set, see whether CloudWatch Logs is spoken there.`,
      error,
    )
  }
}

function explainLogs(error: unknown, subject: Subject, now: number): unknown {
  // An answer that broke off is no file that did.
  if (error instanceof TransportFailure && error.phase === 'body')
    return explain(new TransportFailure('answer', error), subject, now)
  if (!(error instanceof ServiceFailure)) return explain(error, subject, now)
  if (error.code === 'ResourceNotFoundException')
    return new MillraceError(
      'SOURCE_MISSING',
      `${subject.name} does not exist. Check its name and region; one that begins with a slash is written with two, as in cloudwatch://eu-west-1//aws/flow.`,
      error,
    )
  return error.code === 'AccessDeniedException' ? deniedAccess(error, subject) : explain(error, subject, now)
}
