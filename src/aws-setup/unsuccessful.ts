import type { UnsuccessfulItem } from '@aws-sdk/client-ec2'

/** An answer that says what failed, though the request was a success. */
interface Answer {
  readonly Unsuccessful?: readonly UnsuccessfulItem[] | undefined
}

/** The answer, if it names nothing that failed. Throws an error as the SDK does, named by the code of the first, which names them all. */
export function allSuccessful<A extends Answer>(answer: A): A {
  const { Unsuccessful: failed = [] } = answer
  const [first] = failed
  if (first === undefined) return answer
  const error = new Error(failed.map(sentenceOf).join('; '))
  error.name = first.Error?.Code ?? 'Unsuccessful'
  throw error
}

/** What failed for one resource: `vpc-1: LogDestinationNotFound: …`. */
export function sentenceOf({ ResourceId, Error: error }: UnsuccessfulItem): string {
  const parts = [ResourceId ?? 'a resource', error?.Code ?? 'failed', error?.Message ?? '']
  return parts.filter((part) => part !== '').join(': ')
}
