import { MillraceError } from '../errors.ts'
import { deniedAccess } from './denied.ts'
import { ServiceFailure, isExpired, isPassing, isThrottling } from './service-failure.ts'
import { TransportFailure } from './transport-failure.ts'

/** What was asked for, as errors name it. */
export interface Subject {
  /** Such as `s3://bucket/key` or `The role arn:…`. */
  readonly name: string
  /** Such as `s3:GetObject`. */
  readonly action: string
  /** ARN that the action is on. */
  readonly resource: string
}

/** What a failed request means to a user; whatever else was thrown stays as it is. `now` is this machine's time in epoch milliseconds. */
export function explain(error: unknown, subject: Subject, now: number): unknown {
  if (error instanceof TransportFailure) return explainTransport(error, subject)
  return error instanceof ServiceFailure ? explainService(error, subject, now) : error
}

function explainTransport(failure: TransportFailure, { name }: Subject): MillraceError {
  const { phase, message } = failure
  if (phase === 'body')
    return new MillraceError(
      'FILE_TRUNCATED',
      `${name} broke off while it was read, in several attempts (${message}). Load it again later.`,
      failure,
    )
  return new MillraceError(
    'SOURCE_UNAVAILABLE',
    `${name} cannot be reached (${message}). Check the network, AWS_REGION and AWS_ENDPOINT_URL, and try again.`,
    failure,
  )
}

function explainService(failure: ServiceFailure, subject: Subject, now: number): MillraceError {
  const { name } = subject
  const { code, status, message, requestId } = failure
  if (isSkewed(failure))
    return new MillraceError(
      'CLOCK_SKEWED',
      `${name} was refused because this machine's clock ${skew(failure, now)}. Set the clock, best by a time service.`,
      failure,
    )
  if (isExpired(failure))
    return new MillraceError(
      'CREDENTIALS_INVALID',
      `${name} was refused because the AWS credentials have expired. Renew them, such as by "aws sso login".`,
      failure,
    )
  if (badKeys.has(code))
    return new MillraceError(
      'CREDENTIALS_INVALID',
      `${name} was refused because the AWS credentials are not valid (${code}). Check AWS_PROFILE, or the keys in the environment.`,
      failure,
    )
  // A HEAD of a bucket says so with the status alone.
  if (code === 'NoSuchBucket' || (status === 404 && code === ''))
    return new MillraceError(
      'SOURCE_MISSING',
      `${name} ${code === '' ? 'does not exist' : 'is in a bucket that does not exist'}. Check its name, and whether AWS_ENDPOINT_URL is right.`,
      failure,
    )
  const said = `${code === '' ? `status ${status}` : code}: ${message}${requestId === undefined ? '' : `, request ${requestId}`}`
  // Before refusals: SQS throttles with status 403.
  if (isThrottling(failure))
    return new MillraceError(
      'SOURCE_UNAVAILABLE',
      `${name} was not given because of too many requests (${said}). Try again later, or with fewer at once.`,
      failure,
    )
  if (status === 401 || status === 403 || denials.has(code)) return deniedAccess(failure, subject)
  if (isPassing(failure))
    return new MillraceError(
      'SOURCE_UNAVAILABLE',
      `${name} was not given, in several attempts (${said}). Try again later.`,
      failure,
    )
  return new MillraceError('SOURCE_REFUSED', `${name} was refused (${said}).`, failure)
}

const badKeys = new Set(
  'InvalidAccessKeyId SignatureDoesNotMatch InvalidToken InvalidSecurity InvalidClientTokenId UnrecognizedClientException IncompleteSignature IncompleteSignatureException InvalidSignatureException NotSignedUp'.split(
    ' ',
  ),
)

const denials = new Set(['AccessDenied', 'AccessDeniedException'])

/** STS tells a wrong clock by the words alone. */
function isSkewed({ code, message }: ServiceFailure): boolean {
  return (
    code === 'RequestTimeTooSkewed' ||
    code === 'RequestExpired' ||
    /^signature (expired|not yet current)/i.test(message)
  )
}

function skew({ serverTimeMs }: ServiceFailure, now: number): string {
  if (serverTimeMs === undefined) return "differs from AWS's"
  const minutes = Math.round(Math.abs(now - serverTimeMs) / 60_000)
  return `is ${minutes} ${minutes === 1 ? 'minute' : 'minutes'} ${now > serverTimeMs ? 'ahead of' : 'behind'} AWS's`
}
