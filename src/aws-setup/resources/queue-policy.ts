import type { Kind, WantedBase } from '../resource.ts'
import { type Policy, type Statement, mergePolicy, printPolicy, readPolicy, sidOf } from '../policy.ts'
import { unless } from '../refusals.ts'
import { noQueue } from './queue.ts'

/** Own statements within a queue's policy. Named by its queue. */
export interface WantedQueuePolicy extends WantedBase {
  readonly kind: 'queue policy'
  readonly url: string
  /** Sids that are own, whether wanted or not. */
  readonly sids: readonly string[]
  readonly statements: readonly Statement[]
  /** Whose events come, as sentences call it: `the bucket logs`. */
  readonly sender: string
}

/** Amazon SQS Developer Guide, "Quotas related to policies". */
const maxBytes = 8192

export const queuePolicyKind: Kind<WantedQueuePolicy, Policy> = {
  async read({ name, url: QueueUrl }, on) {
    const sqs = await on.sqs()
    const answer = await unless(noQueue, sqs.getQueueAttributes({ QueueUrl, AttributeNames: ['Policy'] }))
    return answer === undefined ? undefined : readPolicy(answer.Attributes?.['Policy'], `the queue ${name}`)
  },

  compare({ name, url, statements, sids, sender }, found) {
    const merged = mergePolicy(found ?? readPolicy(undefined, name), statements, (sid) => sids.includes(sid))
    if (merged.differences.length === 0) return { state: 'same', differences: [], steps: [] }
    const text = printPolicy(merged.policy)
    const others = merged.policy.statements.length - statements.length
    const kept = others === 0 ? '' : `; ${others} ${others === 1 ? 'statement' : 'statements'} of others stay`
    const isNew = found === undefined || !found.statements.some((statement) => sids.includes(sidOf(statement)))
    return {
      state: isNew ? 'missing' : 'differs',
      differences: found === undefined || found.statements.length === 0 ? [] : merged.differences,
      steps: [
        {
          does: `Let ${sender}, and nobody else by this, send to the queue ${name}${kept}.`,
          call: { operation: 'sqs:SetQueueAttributes', input: { QueueUrl: url, Attributes: { Policy: text } } },
        },
      ],
      ...(Buffer.byteLength(text) <= maxBytes
        ? {}
        : {
            obstacle: `The policy of the queue ${name} would be larger than the 8 KB that SQS allows. Take another queue, or shorten what others have in it.`,
          }),
    }
  },

  remove({ name, url, sids }, found) {
    const merged = mergePolicy(found, [], (sid) => sids.includes(sid))
    if (merged.differences.length === 0) return { steps: [] }
    const text = merged.policy.statements.length === 0 ? '' : printPolicy(merged.policy)
    return {
      steps: [
        {
          does: `Take own statements out of the policy of the queue ${name}.`,
          call: { operation: 'sqs:SetQueueAttributes', input: { QueueUrl: url, Attributes: { Policy: text } } },
        },
      ],
    }
  },
}
