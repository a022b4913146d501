import { randomUUID } from 'node:crypto'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import {
  CloudWatchLogsClient,
  CreateLogGroupCommand,
  CreateLogStreamCommand,
  PutLogEventsCommand,
  PutSubscriptionFilterCommand,
} from '@aws-sdk/client-cloudwatch-logs'
import { afterAll, expect, test } from 'vitest'
import { openLake } from '../../src/lake.ts'
import { checkAccounts, valuesOf } from '../loading/lakes.ts'
import { flowLine } from '../loading/lines.ts'
import { ran } from '../run/running.ts'
import { accountId, makeBucket, makeDeliveryStream, region } from './moto.ts'

const sdk = new CloudWatchLogsClient({ region })
afterAll(() => {
  sdk.destroy()
})

test('a log group that is sent on by a subscription and Firehose comes as files, each event once', async () => {
  const [logGroupName, bucket] = [`/aws/flow-${randomUUID()}`, await makeBucket()]
  await sdk.send(new CreateLogGroupCommand({ logGroupName }))
  await sdk.send(
    new PutSubscriptionFilterCommand({
      logGroupName,
      filterName: 'all',
      filterPattern: '',
      destinationArn: await makeDeliveryStream(bucket, 'flow/'),
      roleArn: `arn:aws:iam::${accountId}:role/logs`,
    }),
  )
  const put = async (stream: string, first: number): Promise<void> => {
    await sdk.send(new CreateLogStreamCommand({ logGroupName, logStreamName: stream }))
    const logEvents = [0, 1, 2].map((number) => ({ timestamp: Date.now(), message: flowLine(first + number) }))
    await sdk.send(new PutLogEventsCommand({ logGroupName, logStreamName: stream, logEvents }))
  }
  const root = await mkdtemp(join(tmpdir(), 'millrace-moto-'))
  const lake = await openLake(join(root, 'lake'), { threads: 1 })
  try {
    await ran(
      lake,
      `create stage s url = 's3://${bucket}/flow/';
       create pipe p as copy into logs.vpc_flow_logs from @s file_format = (type = vpc_flow_logs)`,
    )
    const numbers = (): Promise<unknown[]> => valuesOf(lake, 'select bytes::integer from vpc_flow_logs order by all')

    await put('eni-0-all', 1)
    await put('eni-1-all', 4)
    await lake.pipe('p').refresh()
    expect(await numbers()).toEqual([1, 2, 3, 4, 5, 6])

    await put('eni-2-all', 7)
    await lake.pipe('p').refresh()
    await lake.pipe('p').refresh()

    expect(await numbers()).toEqual([1, 2, 3, 4, 5, 6, 7, 8, 9])
    expect(await lake.history({ limit: 10 })).toMatchObject([{ rejects: 0 }, { rejects: 0 }, { rejects: 0 }])
    await checkAccounts(lake)
  } finally {
    await lake.close()
    await rm(root, { recursive: true, force: true })
  }
})
