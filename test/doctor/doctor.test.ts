import { existsSync } from 'node:fs'
import { mkdir, mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import type { Diagnosis } from '../../src/api.ts'
import { examine } from '../../src/doctor.ts'
import { within } from '../../src/doctor/check.ts'
import type { OpenLake } from '../../src/lake.ts'
import { ran } from '../run/running.ts'
import { type Account, type Wrongs, nothingWrong, openAccount } from './account.ts'
import { openTestLake } from '../loading/template.ts'

let account: Account
let directory: string
let lake: OpenLake

const role = 'arn:aws:iam::123456789012:role/reader'
const bucketArn = 'arn:aws:s3:::logs'

beforeAll(async () => {
  account = await openAccount()
  account.bucket.put('flow/in/a.log', Buffer.from('version\n2\n'))
})

afterAll(() => account.close())

beforeEach(async () => {
  Object.assign(account.wrongs, nothingWrong, { notification: notifying('flow/') })
  account.sts.trusts.set(role, 'e-1')
  await account.setPolicy(policyOf('arn:aws:s3:*:*:logs'))
  directory = await mkdtemp(join(tmpdir(), 'millrace-doctor-'))
  lake = await openTestLake(join(directory, 'lake'))
})

afterEach(async () => {
  await lake.close()
  await rm(directory, { recursive: true, force: true })
})

test.runIf(existsSync('/proc/self'))('a disk with little space is told of', async () => {
  // A file system that has no space at all.
  const found = await examine((sql) => lake.query(sql), '/proc', [])
  expect(found).toMatchObject([{ level: 'warning', subject: 'disk', message: expect.stringContaining('MiB are free') }])
})

function policyOf(source: string): string {
  const condition = { ArnLike: { 'aws:SourceArn': source }, StringEquals: { 'aws:SourceAccount': '123456789012' } }
  const statement = {
    Effect: 'Allow',
    Principal: { Service: 's3.amazonaws.com' },
    Action: 'SQS:SendMessage',
    Resource: account.queueArn,
    Condition: condition,
  }
  return JSON.stringify({ Version: '2012-10-17', Statement: [statement] })
}

function notifying(prefix: string, event = 's3:ObjectCreated:*'): string {
  return `<QueueConfiguration><Id>x</Id><Queue>${account.queueArn}</Queue><Event>${event}</Event><Filter><S3Key><FilterRule><Name>Prefix</Name><Value>${prefix}</Value></FilterRule></S3Key></Filter></QueueConfiguration>`
}

async function makePipe(): Promise<void> {
  await ran(
    lake,
    `create storage integration i type = external_stage storage_provider = s3 enabled = true
       storage_aws_role_arn = '${role}' storage_aws_external_id = 'e-1' storage_allowed_locations = ('s3://logs/');
     create stage s url = 's3://logs/flow/' storage_integration = i;
     create pipe p auto_ingest = true queue = '${account.queueUrl}'
       as copy into logs.vpc_flow_logs from @s/in/ file_format = (type = vpc_flow_logs)`,
  )
}

/** What is said of stages and pipes. */
async function said(): Promise<Diagnosis[]> {
  return (await lake.doctor()).filter(({ subject }) => /^(stage|pipe|clock)/.test(subject))
}

test('without stages and pipes nothing is said of them', async () => {
  expect(await lake.doctor()).toEqual([{ level: 'ok', subject: 'lake', message: 'Nothing is wrong.', mend: '' }])
})

test('all that is right is said to be', async () => {
  await makePipe()
  await account.send('not a notification')

  expect(await said()).toEqual([
    { level: 'ok', subject: 'stage MILLRACE.PUBLIC.S', message: 's3://logs/flow/ is reached.', mend: '' },
    {
      level: 'ok',
      subject: 'pipe MILLRACE.PUBLIC.P',
      message: 's3://logs/flow/in/ is listed and read; so is its queue.',
      mend: '',
    },
  ])
  // The doctor hides no message from those who load.
  expect(await account.messages()).toBe(1)
})

const stage = 'stage MILLRACE.PUBLIC.S'
const pipe = 'pipe MILLRACE.PUBLIC.P'

describe('a pipe of a bucket', () => {
  test.each<
    [what: string, wrong: () => Partial<Wrongs>, level: string, subject: string, message: string, mend: string]
  >([
    [
      'may not list',
      () => ({ denied: new Set(['s3:ListBucket']) }),
      'error',
      pipe,
      's3://logs/flow/in/ was refused',
      `Allow s3:ListBucket on ${bucketArn} in a policy of that identity`,
    ],
    [
      'may not read',
      () => ({ denied: new Set(['s3:GetObject']) }),
      'error',
      pipe,
      's3://logs/flow/in/a.log was refused',
      `Allow s3:GetObject on ${bucketArn}/flow/in/a.log in`,
    ],
    [
      'may not ask its queue',
      () => ({ denied: new Set(['sqs:GetQueueAttributes']) }),
      'error',
      pipe,
      'lacks sqs:GetQueueAttributes',
      'Allow sqs:GetQueueAttributes on arn:aws:sqs:',
    ],
    [
      'may not receive',
      () => ({ denied: new Set(['sqs:ReceiveMessage']) }),
      'error',
      pipe,
      'lacks sqs:ReceiveMessage',
      'Allow sqs:ReceiveMessage on arn:aws:sqs:',
    ],
    [
      'may not delete messages',
      () => ({ denied: new Set(['sqs:DeleteMessage']) }),
      'error',
      pipe,
      'lacks sqs:DeleteMessage',
      'Allow sqs:DeleteMessage on arn:aws:sqs:',
    ],
    [
      'may not ask whom the bucket notifies',
      () => ({ denied: new Set(['s3:GetBucketNotification']) }),
      'warning',
      pipe,
      'lacks s3:GetBucketNotification',
      `Allow s3:GetBucketNotification on ${bucketArn}`,
    ],
    [
      'is not notified',
      () => ({ notification: '' }),
      'warning',
      pipe,
      'The bucket logs does not send its events to arn:aws:sqs:',
      `Send s3:ObjectCreated:* of the prefix flow/in/ to that queue in the event notifications of ${bucketArn}.`,
    ],
    [
      'is told of other keys',
      () => ({ notification: notifying('flow/in/2026/') }),
      'warning',
      pipe,
      'of flow/in/2026/*',
      's3:ObjectCreated:* of the prefix flow/in/',
    ],
    [
      'is told of some ways to write',
      () => ({ notification: notifying('', 's3:ObjectCreated:Put') }),
      'warning',
      pipe,
      's3:ObjectCreated:Put of *',
      's3:ObjectCreated:* of the prefix flow/in/',
    ],
    [
      'has another time',
      () => ({ behindMs: 5 * 60_000 }),
      'warning',
      'clock',
      "This machine's clock is 5 minutes ahead of that of S3.",
      'Set the clock',
    ],
  ])('%s', async (_what, wrong, level, subject, message, mend) => {
    await makePipe()
    Object.assign(account.wrongs, wrong())

    const found = (await said()).filter((one) => one.level !== 'ok')
    expect(found).toEqual([
      { level, subject, message: expect.stringContaining(message), mend: expect.stringContaining(mend) },
    ])
  })

  test('whose bucket may not send', async () => {
    await makePipe()
    await account.setPolicy(policyOf('arn:aws:s3:::other'))

    expect((await said()).filter(({ level }) => level !== 'ok')).toEqual([
      {
        level: 'error',
        subject: pipe,
        message: `The policy of the queue ${account.queueArn} does not let the bucket logs send.`,
        mend: `Allow sqs:SendMessage on ${account.queueArn} in the queue's policy to s3.amazonaws.com where aws:SourceArn is ${bucketArn}.`,
      },
    ])
  })

  test('by way of others is not judged', async () => {
    await makePipe()
    await account.setPolicy('')
    account.wrongs.notification = '<EventBridgeConfiguration/>'

    expect(await said()).toMatchObject([
      { level: 'ok', subject: stage },
      { level: 'ok', subject: pipe, message: expect.stringContaining('EventBridge') },
    ])
  })

  test('that is paused, or has given something up', async () => {
    await makePipe()
    account.bucket.put('flow/in/bad.log', Buffer.from([0x1f, 0x8b, 1, 2, 3]))
    await lake.pipe('p').refresh()
    account.bucket.remove('flow/in/bad.log')
    await lake.pipe('p').pause()

    expect((await said()).filter(({ subject }) => subject === pipe)).toMatchObject([
      { level: 'warning', message: 'It is paused.', mend: 'Say "millrace pipes resume MILLRACE.PUBLIC.P".' },
      { level: 'warning', message: expect.stringContaining('1 objects'), mend: expect.stringContaining('retry') },
    ])
  })
})

describe('a role', () => {
  test('that may not be assumed', async () => {
    await makePipe()
    account.sts.trusts.set(role, 'other')

    expect(await said()).toEqual([
      {
        level: 'error',
        subject: stage,
        message: expect.stringContaining(`The role ${role} may not be assumed`),
        mend: expect.stringContaining('sts:ExternalId = e-1'),
      },
    ])
  })

  test('that can be assumed without its external id', async () => {
    await makePipe()
    account.sts.trusts.set(role, '*')

    expect(await said()).toMatchObject([
      {
        level: 'warning',
        subject: stage,
        message: expect.stringContaining('without its external id'),
        mend: `Add the condition sts:ExternalId = e-1 to the trust policy of ${role}.`,
      },
      { level: 'ok', subject: pipe },
    ])
  })

  test('whose integration is switched off', async () => {
    await makePipe()
    await ran(lake, 'alter storage integration i set enabled = false')

    expect(await said()).toMatchObject([
      { level: 'error', subject: stage, message: expect.stringContaining('Integration I is not enabled') },
      { level: 'error', subject: pipe, message: expect.stringContaining('It cannot run') },
    ])
  })
})

test('what does not answer is told when its time is over', async () => {
  const [late] = await within('pipe P', 'The queue q', () => new Promise(() => undefined), 20)

  expect(late).toEqual({
    level: 'error',
    subject: 'pipe P',
    message: 'The queue q gave no answer within 0.02 seconds.',
    mend: 'Check the network, AWS_REGION and AWS_ENDPOINT_URL.',
  })
})

test('without credentials only that is said', async () => {
  await makePipe()
  await lake.close()
  const { AWS_ACCESS_KEY_ID: key } = process.env
  process.env['AWS_ACCESS_KEY_ID'] = ''
  try {
    lake = await openTestLake(join(directory, 'lake'))
    expect(await said()).toEqual([
      {
        level: 'error',
        subject: stage,
        message: expect.stringContaining('There are no AWS credentials to use'),
        mend: expect.stringContaining('Set AWS_PROFILE'),
      },
    ])
  } finally {
    process.env['AWS_ACCESS_KEY_ID'] = key
  }
})

test('a folder is there, and a stage that nobody reads is looked at too', async () => {
  const folder = join(directory, 'logs')
  await mkdir(folder)
  await ran(
    lake,
    `create stage f url = '${pathToFileURL(folder).href}/';
     create pipe q auto_ingest = true as copy into logs.vpc_flow_logs from @f file_format = (type = vpc_flow_logs);
     create stage t url = 's3://logs/flow'`,
  )
  expect(await said()).toEqual([
    { level: 'ok', subject: 'stage MILLRACE.PUBLIC.F', message: `file://${folder}/ is there.`, mend: '' },
    { level: 'ok', subject: 'stage MILLRACE.PUBLIC.T', message: 's3://logs/flow/ is listed and read.', mend: '' },
  ])
  await rm(folder, { recursive: true })
  expect(await said()).toMatchObject([
    { level: 'error', subject: 'stage MILLRACE.PUBLIC.F', message: `The folder ${folder}/ does not exist.` },
    { level: 'ok' },
  ])
})

test('a pipe that Firehose posts to needs a key', async () => {
  await ran(
    lake,
    `create stage f url = 'firehose://flow';
     create pipe posted auto_ingest = true as copy into logs.vpc_flow_logs from @f file_format = (type = vpc_flow_logs)`,
  )
  const posted = 'pipe MILLRACE.PUBLIC.POSTED'
  expect(await said()).toMatchObject([
    { level: 'ok', subject: 'stage MILLRACE.PUBLIC.F' },
    {
      level: 'warning',
      subject: posted,
      message: 'It has no access key, so whatever Firehose posts to it is refused.',
      mend: 'Say "millrace firehose MILLRACE.PUBLIC.POSTED", and give Firehose the key that it shows.',
    },
  ])
  await lake.pipe('posted').renewAccessKey()
  expect(await said()).toMatchObject([
    { level: 'ok' },
    { level: 'ok', subject: posted, message: 'It takes what Firehose posts while the server runs.' },
  ])
})
