import { messageOf } from '../../errors.ts'
import { type Caller, describeIntegration } from '../execute/storage-integration.ts'
import { missing } from '../execution/alter.ts'
import { keyOf } from '../execution/names.ts'
import { find } from '../execution/plan.ts'
import type { Action, ActionContext } from './action.ts'

/** How long AWS is asked who the caller is. */
const limitMs = 3000

/** DESC of a storage integration: what the catalog holds, and who takes its role. */
export const describe: Action<'describe'> = async ({ name }, context) => {
  const key = keyOf('STORAGE INTEGRATION', 'account', name, context.session)
  const object = find(context.objects, key)
  if (object?.definition.kind !== 'create-storage-integration') throw missing(key)
  return describeIntegration(object.definition, await callerOf(context))
}

/** Never fails: an integration is also described where there is no AWS. */
async function callerOf({ lake: { stages }, signal }: ActionContext): Promise<Caller> {
  const limit = AbortSignal.timeout(limitMs)
  const end = signal === undefined ? limit : AbortSignal.any([limit, signal])
  try {
    const aws = await stages.aws()
    return { arn: await aws.trustedArn(end) }
  } catch (error) {
    signal?.throwIfAborted()
    return {
      why: limit.aborted
        ? `AWS did not say within ${limitMs / 1000} seconds who takes the role. Describe the integration again to ask it again.`
        : `Who takes the role is not known. ${messageOf(error)}`,
    }
  }
}
