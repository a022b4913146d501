import type { NotificationConfiguration } from '@aws-sdk/client-s3'
import type { Kind, WantedBase } from '../resource.ts'
import { readConfiguration } from './notification.ts'

/** That a bucket gives its events to EventBridge, whose rules then choose. Named by its bucket. */
export interface WantedEventSwitch extends WantedBase {
  readonly kind: 'events to EventBridge'
  readonly account: string
  /** Of the own entry for a queue, which is not wanted where a rule sends to it. */
  readonly entry: string
}

export const eventSwitchKind: Kind<WantedEventSwitch, NotificationConfiguration> = {
  read: ({ name, account }, on) => readConfiguration(name, account, on),

  compare({ name, account, entry }, found = {}) {
    const { QueueConfigurations = [], ...rest } = found
    const others = QueueConfigurations.filter(({ Id }) => Id !== entry)
    const isOn = found.EventBridgeConfiguration !== undefined
    const isTwice = others.length < QueueConfigurations.length
    if (isOn && !isTwice) return { state: 'same', differences: [], steps: [] }
    const queues = others.length === 0 ? {} : { QueueConfigurations: others }
    const NotificationConfiguration = { ...rest, ...queues, EventBridgeConfiguration: {} }
    const input = { Bucket: name, ExpectedBucketOwner: account, NotificationConfiguration }
    return {
      state: isOn ? 'differs' : 'missing',
      differences: isTwice ? [`its entry ${entry} tells the queue besides`] : [],
      steps: [
        {
          does: `Let the bucket ${name} give its events to EventBridge${isTwice ? `, and its entry ${entry} go` : ''}; whom it notifies besides stays.`,
          call: { operation: 's3:PutBucketNotificationConfiguration', input },
        },
      ],
    }
  },

  remove: ({ name }) => ({
    steps: [],
    remarks: [`The bucket ${name} goes on giving its events to EventBridge: rules of others may need them.`],
  }),
}
