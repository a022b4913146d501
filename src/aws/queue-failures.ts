import { MillraceError } from '../errors.ts'
import { deniedAccess } from './denied.ts'
import { type Subject, explain } from './explain.ts'
import { ServiceFailure } from './service-failure.ts'
import { TransportFailure } from './transport-failure.ts'

/** What a failed request to SQS means to a user; whatever else was thrown stays as it is. `now` are epoch milliseconds. */
export function explainQueue(error: unknown, subject: Subject, now: number): unknown {
  // An answer that broke off is no file that did.
  if (error instanceof TransportFailure && error.phase === 'body')
    return explain(new TransportFailure('answer', error), subject, now)
  if (!(error instanceof ServiceFailure)) return explain(error, subject, now)
  const { name } = subject
  switch (error.code) {
    case 'QueueDoesNotExist':
    case 'NonExistentQueue':
    case 'InvalidAddress':
      return new MillraceError(
        'SOURCE_MISSING',
        `${name} does not exist, or these credentials may not know of it. Check its name, account and region, and whether AWS_ENDPOINT_URL is right.`,
        error,
      )
    case 'QueueDeletedRecently':
      return new MillraceError(
        'SOURCE_UNAVAILABLE',
        `${name} was deleted less than a minute ago, and SQS does not create it again so soon. Try again in a minute.`,
        error,
      )
    case 'QueueNameExists':
    case 'QueueAlreadyExists':
      return new MillraceError(
        'SOURCE_REFUSED',
        `${name} exists already, with other attributes (${error.message}). Use it as it is, or give another name.`,
        error,
      )
    case 'KmsAccessDenied':
      return deniedAccess(error, { name, action: 'kms:Decrypt', resource: 'the key that encrypts its messages' })
    default:
      return explain(error, subject, now)
  }
}
