import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { type OpenLake, openLake } from '../../src/lake.ts'
import { flowLog, until } from '../pipes/world.ts'
import { cellOf, lastRows, propertiesOf, ran } from '../run/running.ts'
import { accountId, makeBucket, makeTopic, notify, put } from './moto.ts'

let root: string
let bucket: string
let lake: OpenLake

beforeEach(async () => {
  root = await mkdtemp(join(tmpdir(), 'millrace-moto-'))
  bucket = await makeBucket()
  lake = await openLake(join(root, 'lake'))
  await ran(
    lake,
    `create storage integration reader type = external_stage storage_provider = s3 enabled = true
       storage_aws_role_arn = 'arn:aws:iam::${accountId}:role/reader' storage_allowed_locations = ('s3://${bucket}/flow/');
     create stage s url = 's3://${bucket}/flow/' storage_integration = reader;
     create pipe p auto_ingest = true as copy into logs.vpc_flow_logs from @s file_format = (type = vpc_flow_logs)`,
  )
  await lake.pipes.start(() => undefined)
})

afterEach(async () => {
  await lake.close()
  await rm(root, { recursive: true, force: true })
})

const rows = async (): Promise<number> => {
  const [row] = await (await lake.query<{ n: number }>('select count(*) as n from vpc_flow_logs')).all()
  return Number(row?.n)
}

async function channel(): Promise<string> {
  return cellOf((await lastRows(lake, 'show pipes'))[0] ?? {}, 'notification_channel')
}

test('objects come by the notifications of the bucket to the queue that the pipe made', async () => {
  expect((await propertiesOf(lake, 'desc integration reader'))['STORAGE_AWS_IAM_USER_ARN']).toMatch(/^arn:aws:/)
  await notify(bucket, await channel())
  for (const key of ['a', 'b c', 'ü+1', 'x=1/y']) await put(bucket, `flow/${key}.log`, flowLog(3))
  await put(bucket, 'other/a.log', flowLog(1))
  await until(rows, 12)

  await until(async () => (await lake.status()).pipes[0]?.queue_messages, 0)
  expect((await lake.history()).map(({ status }) => status)).toEqual(['loaded', 'loaded', 'loaded', 'loaded'])
})

test.each([false, true])('and by way of a topic (raw: %s)', async (isRaw) => {
  await notify(bucket, await makeTopic(await channel(), isRaw))
  await put(bucket, 'flow/a.log', flowLog(2))
  await until(rows, 2)

  expect((await lake.status()).pipes[0]).toMatchObject({ state: 'running', pending_files: 0 })
})
