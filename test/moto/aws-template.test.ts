import { randomBytes } from 'node:crypto'
import { afterEach, expect, test } from 'vitest'
import { printJson, printYaml } from '../../src/aws-setup/template/print.ts'
import { templateOf } from '../../src/aws-setup/template/template.ts'
import { accountId, makeStack } from './moto.ts'
import { openWorld, statesOf, type World } from './setup/world.ts'

let world: World | undefined
afterEach(async () => {
  await world?.close()
  world = undefined
})

/** What moto leaves out of stacks. */
const beyondMoto = new Set([
  'public access block',
  'bucket policy',
  'queue policy',
  'event notification',
  'events to EventBridge',
])

const prints = { YAML: printYaml, JSON: printJson }

test.each(['YAML', 'JSON'] as const)('a stack of the template is what the setup wants, from %s', async (form) => {
  const name = `stack${randomBytes(4).toString('hex').replaceAll(/\d/g, 'x')}`
  const bare = await openWorld({}, accountId)
  const ec2 = await bare.account.clients.ec2()
  const vpcs = [await ec2.createVpc({ CidrBlock: '10.0.0.0/16' }), await ec2.createVpc({ CidrBlock: '10.1.0.0/16' })]
  const [first = '', second = ''] = vpcs.map(({ Vpc }) => Vpc?.VpcId ?? '')
  await bare.close()
  world = await openWorld(
    {
      name,
      bucket: { name: `${name}-{account}`, encryption: 'AES256' },
      events: { by: form === 'YAML' ? 'eventbridge' : 'notification' },
      cloud_watch: { retention_days: 30 },
      reader: { trusts: `arn:aws:iam::${accountId}:role/collector`, external_id: 'millrace-4f6c' },
      flow_logs: [
        { resource_ids: [first] },
        { name: 'rejects', resource_ids: [second], traffic: 'REJECT', to: 'cloud-watch-logs', interval: 60 },
      ],
    },
    accountId,
  )
  const plan = await world.plan()
  const written = templateOf(name, plan.resources)
  expect(written.remarks).toEqual([])
  await makeStack(name, prints[form](written))
  const after = statesOf(await world.plan()).filter((state) => !beyondMoto.has(state.replace(/: .*/, '')))
  expect(after.filter((state) => !state.endsWith(': same'))).toEqual([])
})
