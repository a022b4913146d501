import { z } from 'zod'
import { MillraceError, messageOf } from '../errors.ts'

const answered = z.object({ $metadata: z.object({ httpStatusCode: z.number() }) })

/** What an answer without a body means, as to HEAD. */
const codes: Readonly<Record<number, string>> = { 301: 'PermanentRedirect', 403: 'AccessDenied', 404: 'NotFound' }

/** The code of an error that the SDK threw, such as `NoSuchBucket`. */
export function refusalCode(error: unknown): string {
  if (!(error instanceof Error)) return ''
  if (!error.name.startsWith('Unknown')) return error.name
  const answer = answered.safeParse(error)
  return (answer.success ? codes[answer.data.$metadata.httpStatusCode] : undefined) ?? error.name
}

/** What a request gives, or undefined where it was refused with one of these codes: the thing is not there. */
export async function unless<T>(absent: readonly string[], request: Promise<T>): Promise<T | undefined> {
  try {
    return await request
  } catch (error) {
    if (absent.includes(refusalCode(error))) return undefined
    throw error
  }
}

const denied = new Set([
  'AccessDenied',
  'AccessDeniedException',
  'UnauthorizedOperation',
  'AuthorizationError',
  'AuthorizationErrorException',
  'Forbidden',
])
const badKeys = new Set([
  'ExpiredToken',
  'ExpiredTokenException',
  'InvalidAccessKeyId',
  'InvalidClientTokenId',
  'SignatureDoesNotMatch',
  'UnrecognizedClientException',
  'AuthFailure',
])
const unreachable = /ECONNREFUSED|ENOTFOUND|EAI_AGAIN|ECONNRESET|ETIMEDOUT|TimeoutError|socket hang up/

/** What to do about refusals that do not say it themselves. */
const hints: Readonly<Record<string, string>> = {
  FlowLogAlreadyExists:
    ' AWS takes it for the same as one that is there. With --flow-log-delete-first (replace: delete-first) that of this setup is deleted before; nothing is logged in between. One of somebody else is deleted with "aws ec2 delete-flow-logs".',
}

/** What a refusal means to a user. `what` begins the sentence: `Reading the queue logs`. */
export function explained(error: unknown, what: string): MillraceError {
  if (error instanceof MillraceError) return error
  const code = refusalCode(error)
  const message = messageOf(error).replace(/\.?\s*$/, '')
  const said = code === '' || code === 'Error' || message.startsWith(code) ? message : `${code}: ${message}`
  if (denied.has(code))
    return new MillraceError(
      'ACCESS_DENIED',
      `${what} was refused (${said}). Allow it in a policy of the identity that sets things up; docs/AWS.md lists what it needs, and docs/ATHENA.md for QuickSight.`,
      error,
    )
  if (badKeys.has(code))
    return new MillraceError(
      'CREDENTIALS_INVALID',
      `${what} was refused because the AWS credentials are not valid (${code}). Check AWS_PROFILE, or renew them, such as by "aws sso login".`,
      error,
    )
  if (unreachable.test(`${code} ${message}`))
    return new MillraceError(
      'SOURCE_UNAVAILABLE',
      `${what} failed because AWS cannot be reached (${said}). Check the network, AWS_REGION and AWS_ENDPOINT_URL, and run the same again.`,
      error,
    )
  return new MillraceError('SOURCE_REFUSED', `${what} failed (${said}).${hints[code] ?? ''}`, error)
}
