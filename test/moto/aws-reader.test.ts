import { IAM } from '@aws-sdk/client-iam'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { openAccounts } from '../../src/aws-setup/account.ts'
import { carryOut, undoneOf } from '../../src/aws-setup/carry-out.ts'
import { type Clients, openClients } from '../../src/aws-setup/clients.ts'
import { planAccount } from '../../src/aws-setup/plan.ts'
import { readSetup } from '../../src/aws-setup/setup.ts'
import type { CredentialSource } from '../../src/aws/credentials.ts'
import { readEndpoints } from '../../src/aws/endpoints.ts'
import { HttpPools } from '../../src/aws/pools.ts'
import { roleCredentials } from '../../src/aws/sts.ts'
import { accountId, region } from './moto.ts'
import { type OwnMoto, openOwnMoto } from './setup/own-moto.ts'
import { patientTiming } from './setup/world.ts'

const externalId = 'millrace-4f6c'
const roleArn = `arn:aws:iam::${accountId}:role/millrace-reader`
const bucket = `millrace-logs-${accountId}-${region}`
const queueUrl = `https://sqs.${region}.amazonaws.com/${accountId}/millrace`

let moto: OwnMoto
let reader: Clients
let roleOf: (user: 'collector' | 'stranger', externalId?: string) => CredentialSource
const pools = new HttpPools()
const opened: Clients[] = []

/** Of a user who may take on every role, as far as that depends on the user. */
async function makeUser(iam: IAM, UserName: string): Promise<CredentialSource> {
  await iam.createUser({ UserName })
  const Statement = [{ Effect: 'Allow', Action: 'sts:AssumeRole', Resource: '*' }]
  const PolicyDocument = JSON.stringify({ Version: '2012-10-17', Statement })
  await iam.putUserPolicy({ UserName, PolicyName: 'assume', PolicyDocument })
  const { AccessKey } = await iam.createAccessKey({ UserName })
  const keys = {
    accessKeyId: AccessKey?.AccessKeyId ?? '',
    secretAccessKey: AccessKey?.SecretAccessKey ?? '',
    sessionToken: undefined,
    expiresAtMs: undefined,
  }
  return { get: () => Promise.resolve(keys), replace: () => Promise.resolve(keys) }
}

beforeAll(async () => {
  moto = await openOwnMoto()
  const environment = { ...process.env, AWS_ENDPOINT_URL: moto.url }
  const iam = new IAM({
    endpoint: moto.url,
    region,
    credentials: { accessKeyId: 'testing', secretAccessKey: 'testing' },
  })
  const users = { collector: await makeUser(iam, 'collector'), stranger: await makeUser(iam, 'stranger') }
  iam.destroy()
  const setup = readSetup(undefined, {
    events: { prefix: 'AWSLogs/' },
    reader: { trusts: `arn:aws:iam::${accountId}:user/collector`, external_id: externalId },
  })
  const accounts = await openAccounts({ environment, identities: [{}], region, setup })
  const [account] = accounts.accounts
  if (account === undefined) throw new Error('There is no account.')
  const { failure } = await carryOut(undoneOf(await planAccount(account)), {
    timing: patientTiming(),
    tell: () => undefined,
  })
  expect(failure).toBeUndefined()
  const s3 = await account.clients.s3()
  const CreateBucketConfiguration = { LocationConstraint: region } as const
  await s3.createBucket({ Bucket: 'another-bucket', CreateBucketConfiguration })
  await s3.putObject({ Bucket: 'another-bucket', Key: 'AWSLogs/1', Body: 'x' })
  await s3.putObject({ Bucket: bucket, Key: 'AWSLogs/1', Body: 'x' })
  await s3.putObject({ Bucket: bucket, Key: 'private/1', Body: 'x' })
  await (await account.clients.sqs()).createQueue({ QueueName: 'another-queue' })
  await accounts.close()
  await moto.enforce()
  roleOf = (user, id) => {
    const asked = { pools, credentials: users[user], endpoints: readEndpoints(environment), region }
    return roleCredentials(asked, { roleArn, externalId: id })
  }
  reader = openClients({ environment, region, credentials: roleOf('collector', externalId) })
  opened.push(reader)
})

afterAll(async () => {
  for (const clients of opened) clients.close()
  await pools.close()
  moto.close()
})

test('who reads may list and read what comes below the prefix, and take messages', async () => {
  const [s3, sqs] = [await reader.s3(), await reader.sqs()]
  const listed = await s3.listObjectsV2({ Bucket: bucket, Prefix: 'AWSLogs/' })
  expect(listed.Contents).toMatchObject([{ Key: 'AWSLogs/1' }])
  const read = await s3.getObject({ Bucket: bucket, Key: 'AWSLogs/1' })
  expect(await read.Body?.transformToString()).toBe('x')
  expect((await s3.getBucketLocation({ Bucket: bucket })).LocationConstraint).toBe(region)
  // moto cannot tell which queue sqs:GetQueueUrl is about.
  expect((await sqs.getQueueAttributes({ QueueUrl: queueUrl, AttributeNames: ['All'] })).Attributes).toBeDefined()
  const { Messages = [] } = await sqs.receiveMessage({ QueueUrl: queueUrl, MaxNumberOfMessages: 10 })
  expect(Messages.length).toBeGreaterThan(0)
  for (const { ReceiptHandle } of Messages) {
    await sqs.changeMessageVisibility({ QueueUrl: queueUrl, ReceiptHandle, VisibilityTimeout: 60 })
    await sqs.deleteMessage({ QueueUrl: queueUrl, ReceiptHandle })
  }
})

const theirQueue = `https://sqs.${region}.amazonaws.com/${accountId}/another-queue`
const refused: Readonly<Record<string, (on: Clients) => Promise<unknown>>> = {
  'read beside the prefix': async (on) => (await on.s3()).getObject({ Bucket: bucket, Key: 'private/1' }),
  'read another bucket': async (on) => (await on.s3()).getObject({ Bucket: 'another-bucket', Key: 'AWSLogs/1' }),
  'list another bucket': async (on) => (await on.s3()).listObjectsV2({ Bucket: 'another-bucket', Prefix: 'AWSLogs/' }),
  'list all buckets': async (on) => (await on.s3()).listBuckets({}),
  write: async (on) => (await on.s3()).putObject({ Bucket: bucket, Key: 'AWSLogs/2', Body: 'x' }),
  delete: async (on) => (await on.s3()).deleteObject({ Bucket: bucket, Key: 'AWSLogs/1' }),
  'read the policy of the bucket': async (on) => (await on.s3()).getBucketPolicy({ Bucket: bucket }),
  'change the policy of the bucket': async (on) => (await on.s3()).putBucketPolicy({ Bucket: bucket, Policy: '{}' }),
  'send messages': async (on) => (await on.sqs()).sendMessage({ QueueUrl: queueUrl, MessageBody: 'x' }),
  'empty the queue': async (on) => (await on.sqs()).purgeQueue({ QueueUrl: queueUrl }),
  'delete the queue': async (on) => (await on.sqs()).deleteQueue({ QueueUrl: queueUrl }),
  'take messages of another queue': async (on) => (await on.sqs()).receiveMessage({ QueueUrl: theirQueue }),
  'make users': async (on) => (await on.iam()).createUser({ UserName: 'friend' }),
}

test.each(Object.keys(refused))('who reads may not %s', async (what) => {
  // moto refuses in XML what was asked in JSON: then the status has to do.
  const denial = /messages|queue/.test(what)
    ? { $metadata: { httpStatusCode: 403 } }
    : { name: expect.stringMatching(/AccessDenied/) }
  await expect(refused[what]?.(reader)).rejects.toMatchObject(denial)
})

test('nobody else takes on the role, and nobody with another external id', async () => {
  await expect(roleOf('collector', externalId).get()).resolves.toBeDefined()
  const denial = { code: 'ACCESS_DENIED' }
  await expect(roleOf('collector', 'millrace-guessed').get()).rejects.toMatchObject(denial)
  await expect(roleOf('stranger', externalId).get()).rejects.toMatchObject(denial)
})
