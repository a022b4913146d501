import { MillraceError } from '../errors.ts'
import type { Subject } from './explain.ts'
import type { ServiceFailure } from './service-failure.ts'

/**
 * What AWS says where it knows: who lacks what on what, and because of which kind of policy (IAM User Guide, "Troubleshoot access
 * denied error messages"). The action need not be the one that was asked for: reading an encrypted object takes `kms:Decrypt`.
 */
const sentence =
  /^User: (?<who>\S+) is not authorized to perform: (?<action>[\w-]+:\w+)(?: on resource: "?(?<resource>[^\s"]+)"?)?(?:.*? (?<deny>with an explicit deny)|.*? because (?<reason>[^.]+))?/s

/** An error that names the action and the resource that the caller lacks. */
export function deniedAccess(failure: ServiceFailure, { name, action, resource }: Subject): MillraceError {
  const said = sentence.exec(failure.message)?.groups
  const who = said?.['who'] ?? 'the identity of these credentials'
  // SQS writes actions in small letters.
  const saidAction = said?.['action'] ?? action
  const lackedAction = saidAction.toLowerCase() === action.toLowerCase() ? action : saidAction
  // AWS leaves the resource out, or quotes a key with spaces: then it is what was asked for.
  const lackedResource = lackedAction === action ? resource : (said?.['resource'] ?? 'the key that encrypts it')
  const way =
    said?.['deny'] === undefined
      ? `Allow it in a policy of that identity${otherPolicy(lackedAction)}.`
      : 'A policy denies it expressly: change that one.'
  return new MillraceError(
    'ACCESS_DENIED',
    `${name} was refused: ${who} lacks ${lackedAction} on ${lackedResource}. ${way}${noteOf(failure, said, action)}`,
    failure,
  )
}

function otherPolicy(action: string): string {
  if (action.startsWith('kms:')) return ' and in the policy of the key'
  return action.startsWith('sqs:') ? ', or of the queue' : ', or of the bucket'
}

/** Without `s3:ListBucket`, S3 says 403 of an object that is not there (API reference, GetObject, "Permissions"). */
function noteOf(failure: ServiceFailure, said: Record<string, string> | undefined, action: string): string {
  if (said?.['reason'] !== undefined) return ` AWS's reason: ${said['reason']}.`
  return action === 's3:GetObject' && said === undefined && failure.status === 403
    ? ' If it is allowed, the object is gone: only who has s3:ListBucket is told so.'
    : ''
}
