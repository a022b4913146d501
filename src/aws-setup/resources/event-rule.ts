import type { Kind, WantedBase } from '../resource.ts'
import { isSame } from '../policy.ts'
import { unless } from '../refusals.ts'
import { isMadeBy, setupTags } from '../step.ts'

/** A rule of EventBridge that picks a bucket's new objects. */
export interface WantedEventRule extends WantedBase {
  readonly kind: 'event rule'
  readonly setup: string
  readonly arn: string
  readonly bucket: string
  /** Of keys; empty for all. */
  readonly prefix: string
}

interface FoundEventRule {
  readonly isOwn: boolean
  readonly pattern: unknown
  readonly isEnabled: boolean
}

const noRule = ['ResourceNotFoundException']

export const eventRuleKind: Kind<WantedEventRule, FoundEventRule> = {
  async read({ name: Name, arn: ResourceARN, setup }, on) {
    const events = await on.events()
    const rule = await unless(noRule, events.describeRule({ Name }))
    if (rule === undefined) return undefined
    const tags = await unless(noRule, events.listTagsForResource({ ResourceARN }))
    const pattern: unknown = rule.EventPattern === undefined ? undefined : JSON.parse(rule.EventPattern)
    return { isOwn: isMadeBy(setup, tags?.Tags ?? []), pattern, isEnabled: rule.State === 'ENABLED' }
  },

  compare({ name, setup, bucket, prefix }, found) {
    const pattern = patternOf(bucket, prefix)
    if (found?.isOwn === false)
      return {
        state: 'foreign',
        differences: [],
        steps: [],
        obstacle: `There is a rule ${name} in EventBridge that this setup has not made. Take another --name.`,
      }
    const differences = [
      ...(found !== undefined && !isSame(found.pattern, pattern) ? ['its pattern differs'] : []),
      ...(found?.isEnabled === false ? ['it is disabled'] : []),
    ]
    if (found !== undefined && differences.length === 0) return { state: 'same', differences, steps: [] }
    const EventPattern = JSON.stringify(pattern)
    // AWS takes tags of a rule only where it is new (API reference, PutRule).
    const Tags = found === undefined ? { Tags: setupTags(setup) } : {}
    return {
      state: found === undefined ? 'missing' : 'differs',
      differences,
      steps: [
        {
          does: `Make the rule ${name} for new objects of the bucket ${bucket}.`,
          call: { operation: 'events:PutRule', input: { Name: name, EventPattern, State: 'ENABLED', ...Tags } },
        },
      ],
    }
  },

  remove({ name }, { isOwn }) {
    if (!isOwn) return { steps: [], remarks: [`The rule ${name} stays: this setup has not made it.`] }
    return {
      steps: [{ does: `Delete the rule ${name}.`, call: { operation: 'events:DeleteRule', input: { Name: name } } }],
    }
  },

  facts: (_wanted, { isEnabled }) => (isEnabled ? [] : ['It is disabled, so nothing is told.']),
}

/** Amazon S3 User Guide, "EventBridge event message structure". */
function patternOf(bucket: string, prefix: string): object {
  const object = prefix === '' ? {} : { object: { key: [{ prefix }] } }
  return { source: ['aws.s3'], 'detail-type': ['Object Created'], detail: { bucket: { name: [bucket] }, ...object } }
}
