import { z } from 'zod'

const words = z.union([z.string(), z.array(z.string())]).transform((given) => [given].flat())

const statementForm = z.object({
  Effect: z.enum(['Allow', 'Deny']),
  Principal: z.union([z.literal('*'), z.record(z.string(), words)]),
  Action: words,
  Resource: words,
  Condition: z.record(z.string(), z.record(z.string(), words)).optional(),
})

const policyForm = z.object({
  Statement: z.union([z.array(z.unknown()), z.unknown().transform((one) => [one])]),
})

type Statement = z.infer<typeof statementForm>

/**
 * Whether a queue's policy, as JSON, lets a bucket send its notifications (S3 User Guide, "Granting permissions to publish event notification messages"). Conditions
 * on other things than the sender's ARN are taken to hold: they cannot be judged from here.
 */
export function letsBucketSend(policy: string | undefined, queueArn: string, bucketArn: string): boolean {
  const statements = statementsOf(policy).filter((one) => isAbout(one, queueArn, bucketArn))
  // What a condition denies may be another case.
  const isDenied = statements.some(({ Effect, Condition }) => Effect === 'Deny' && Condition === undefined)
  return !isDenied && statements.some(({ Effect }) => Effect === 'Allow')
}

function statementsOf(policy: string | undefined): Statement[] {
  try {
    const { Statement: given } = policyForm.parse(JSON.parse(policy ?? ''))
    return given.flatMap((one) => {
      const read = statementForm.safeParse(one)
      return read.success ? [read.data] : []
    })
  } catch {
    return []
  }
}

function isAbout(
  { Principal, Action, Resource, Condition = {} }: Statement,
  queueArn: string,
  bucketArn: string,
): boolean {
  const services = Principal === '*' ? ['*'] : [...(Principal['Service'] ?? []), ...(Principal['AWS'] ?? [])]
  const senders = Object.values(Condition).flatMap((keys) =>
    Object.entries(keys).flatMap(([key, values]) => (key.toLowerCase() === 'aws:sourcearn' ? [values] : [])),
  )
  return (
    services.some((service) => service === '*' || service === 's3.amazonaws.com') &&
    Action.some((action) => fits(action.toLowerCase(), 'sqs:sendmessage')) &&
    Resource.some((resource) => fits(resource, queueArn)) &&
    senders.every((patterns) => patterns.some((pattern) => fits(pattern, bucketArn)))
  )
}

/** IAM's wildcards. */
function fits(pattern: string, text: string): boolean {
  const expression = pattern
    .replaceAll(/[.+^${}()|[\]\\]/g, String.raw`\$&`)
    .replaceAll('*', '.*')
    .replaceAll('?', '.')
  return new RegExp(`^${expression}$`, 's').test(text)
}
