import type { Comparison, Kind, WantedBase } from '../resource.ts'
import { unless } from '../refusals.ts'
import { type Step, setupTag } from '../step.ts'

/** The log group of CloudWatch Logs that flow logs go to. */
export interface WantedLogGroup extends WantedBase {
  readonly kind: 'log group'
  readonly setup: string
  readonly arn: string
  /** Undefined: for ever. */
  readonly retentionDays: number | undefined
  /** Sentences about what comes into it. */
  readonly remarks: readonly string[]
}

interface FoundLogGroup {
  readonly isOwn: boolean
  readonly retentionDays: number | undefined
  readonly hasStreams: boolean
  readonly storedBytes: number
}

const noGroup = ['ResourceNotFoundException']

export const logGroupKind: Kind<WantedLogGroup, FoundLogGroup> = {
  async read({ name, arn: resourceArn, setup }, on) {
    const logs = await on.logs()
    const { logGroups = [] } = await logs.describeLogGroups({ logGroupNamePrefix: name })
    // The name itself comes first among those that begin with it.
    const group = logGroups.find(({ logGroupName }) => logGroupName === name)
    if (group === undefined) return undefined
    const tags = await unless(noGroup, logs.listTagsForResource({ resourceArn }))
    const streams = await unless(noGroup, logs.describeLogStreams({ logGroupName: name, limit: 1 }))
    return {
      isOwn: tags?.tags?.[setupTag] === setup,
      retentionDays: group.retentionInDays,
      hasStreams: (streams?.logStreams?.length ?? 0) > 0,
      storedBytes: group.storedBytes ?? 0,
    }
  },

  compare(wanted, found) {
    const { remarks = [], ...compared } = compare(wanted, found)
    return { ...compared, remarks: [...remarks, ...wanted.remarks] }
  },

  remove({ name }, { isOwn, hasStreams }, { deleteData }) {
    const remark = (sentence: string): { steps: []; remarks: string[] } => ({ steps: [], remarks: [sentence] })
    if (!isOwn) return remark(`The log group ${name} stays: this setup has not made it.`)
    if (hasStreams && deleteData !== name)
      return remark(`The log group ${name} stays, since it holds logs. To delete them too, add --delete-data ${name}.`)
    const does = hasStreams
      ? `Delete the log group ${name} with all that it holds. It cannot be had back.`
      : `Delete the log group ${name}.`
    return { steps: [{ does, call: { operation: 'logs:DeleteLogGroup', input: { logGroupName: name } } }] }
  },

  facts: (_wanted, { hasStreams, storedBytes, retentionDays }) => [
    hasStreams ? `It holds logs, about ${storedBytes} bytes.` : 'It holds no logs yet.',
    `It keeps events ${wordsOf(retentionDays)}.`,
  ],
}

function compare(wanted: WantedLogGroup, found: FoundLogGroup | undefined): Comparison {
  const { name, setup, retentionDays } = wanted
  const retention = retentionStep(wanted)
  if (found === undefined) {
    const input = { logGroupName: name, tags: { [setupTag]: setup } }
    return {
      state: 'missing',
      differences: [],
      steps: [
        { does: `Make the log group ${name}.`, call: { operation: 'logs:CreateLogGroup', input } },
        ...(retentionDays === undefined ? [] : [retention]),
      ],
    }
  }
  const differences =
    found.retentionDays === retentionDays
      ? []
      : [`it keeps events ${wordsOf(found.retentionDays)}, not ${wordsOf(retentionDays)}`]
  if (!found.isOwn)
    return {
      state: 'foreign',
      differences,
      steps: [],
      remarks: [`The log group ${name} was there before. It is used as it is, and never deleted.`],
    }
  if (differences.length === 0) return { state: 'same', differences, steps: [] }
  return { state: 'differs', differences, steps: [retention] }
}

function retentionStep({ name: logGroupName, retentionDays: retentionInDays }: WantedLogGroup): Step {
  if (retentionInDays === undefined)
    return {
      does: `Let the log group ${logGroupName} keep events for ever.`,
      call: { operation: 'logs:DeleteRetentionPolicy', input: { logGroupName } },
    }
  return {
    does: `Let the log group ${logGroupName} delete events after ${retentionInDays} days.`,
    call: { operation: 'logs:PutRetentionPolicy', input: { logGroupName, retentionInDays } },
  }
}

function wordsOf(days: number | undefined): string {
  return days === undefined ? 'for ever' : `${days} days`
}
