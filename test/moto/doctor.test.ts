import { afterEach, beforeEach, expect, test } from 'vitest'
import { examineDeliveries } from '../../src/doctor/delivery.ts'
import { type World, openWorld } from './setup/world.ts'

let world: World
beforeEach(async () => {
  world = await openWorld()
})
afterEach(() => world.close())

test('the doctor tells what delivers into a bucket that others have set up, and changes nothing', async () => {
  const { bucket, account } = world
  const { clients } = account
  const [s3, ec2] = [await clients.s3(), await clients.ec2()]
  await s3.createBucket({ Bucket: bucket, CreateBucketConfiguration: { LocationConstraint: 'eu-west-1' } })
  const look = async (): Promise<string[]> => {
    const found = await examineDeliveries([{ bucket, logs: ['flow logs'] }], clients)
    return found.map(({ level, message }) => `${level}: ${message}`)
  }
  expect(await look()).toEqual([
    `warning: The policy of ${bucket} lets no service of AWS deliver flow logs into it.`,
    'ok: No flow log of this account and region delivers into it; those of others cannot be seen from here.',
  ])

  await world.apply()
  const vpc = (await ec2.createVpc({ CidrBlock: '10.0.0.0/16' })).Vpc?.VpcId ?? ''
  const made = await ec2.createFlowLogs({
    ResourceType: 'VPC',
    ResourceIds: [vpc],
    TrafficType: 'ALL',
    LogDestinationType: 's3',
    LogDestination: `arn:aws:s3:::${bucket}/folder/`,
  })
  expect(await look()).toEqual([`ok: Flow logs of ${vpc} (${made.FlowLogIds?.[0]}) are delivered into it.`])
  expect(await examineDeliveries([{ bucket: `${bucket}-other`, logs: ['flow logs'] }], clients)).toMatchObject([
    { level: 'ok', message: expect.stringContaining('Nothing can be said of its policy') },
    { level: 'ok' },
  ])
})
