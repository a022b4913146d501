import type { Target } from '@aws-sdk/client-eventbridge'
import type { Kind, WantedBase } from '../resource.ts'
import { unless } from '../refusals.ts'

/** The queue that a rule's events go to. Named by its rule. */
export interface WantedEventTarget extends WantedBase {
  readonly kind: 'event target'
  /** By which the target is known. */
  readonly id: string
  readonly queueArn: string
}

const noRule = ['ResourceNotFoundException']

export const eventTargetKind: Kind<WantedEventTarget, readonly Target[]> = {
  async read({ name: Rule }, on) {
    const events = await on.events()
    return (await unless(noRule, events.listTargetsByRule({ Rule })))?.Targets
  },

  compare({ name, id, queueArn }, found = []) {
    const own = found.find((target) => target.Id === id)
    if (own?.Arn === queueArn) return { state: 'same', differences: [], steps: [] }
    return {
      state: own === undefined ? 'missing' : 'differs',
      differences: own === undefined ? [] : [`its target ${id} is ${own.Arn ?? 'nothing'}, not ${queueArn}`],
      steps: [
        {
          does: `Let the rule ${name} send to ${queueArn}.`,
          call: { operation: 'events:PutTargets', input: { Rule: name, Targets: [{ Id: id, Arn: queueArn }] } },
        },
      ],
    }
  },

  remove({ name, id }, found) {
    if (!found.some((target) => target.Id === id)) return { steps: [] }
    return {
      steps: [
        {
          does: `Take the target ${id} from the rule ${name}.`,
          call: { operation: 'events:RemoveTargets', input: { Rule: name, Ids: [id] } },
        },
      ],
    }
  },
}
