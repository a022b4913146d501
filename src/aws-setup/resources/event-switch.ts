import type { NotificationConfiguration } from '@aws-sdk/client-s3'
import type { Kind, WantedBase } from '../resource.ts'
import { unless } from '../refusals.ts'
import { noBucket } from './bucket.ts'

/** That a bucket gives its events to EventBridge, whose rules then choose. Named by its bucket. */
export interface WantedEventSwitch extends WantedBase {
  readonly kind: 'events to EventBridge'
  readonly account: string
}

export const eventSwitchKind: Kind<WantedEventSwitch, NotificationConfiguration> = {
  async read({ name: Bucket, account: ExpectedBucketOwner }, on) {
    const s3 = await on.s3()
    const asked = s3.getBucketNotificationConfiguration({ Bucket, ExpectedBucketOwner })
    const answer = await unless(noBucket, asked)
    if (answer === undefined) return undefined
    const { $metadata: _, ...configuration } = answer
    return configuration
  },

  compare({ name, account }, found = {}) {
    if (found.EventBridgeConfiguration !== undefined) return { state: 'same', differences: [], steps: [] }
    const NotificationConfiguration = { ...found, EventBridgeConfiguration: {} }
    const input = { Bucket: name, ExpectedBucketOwner: account, NotificationConfiguration }
    return {
      state: 'missing',
      differences: [],
      steps: [
        {
          does: `Let the bucket ${name} give its events to EventBridge; whom it notifies besides stays.`,
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
