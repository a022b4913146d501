import { randomUUID } from 'node:crypto'
import { expect, test } from 'vitest'
import { accountId, aws, makeBucket, put, region } from './moto.ts'

const otherAccount = '210987654321'
const role = { roleArn: `arn:aws:iam::${otherAccount}:role/logs`, externalId: 'millrace-4f6c' }

test('a role is taken on, and its account is then that of the requests', async () => {
  const name = `logs-${randomUUID()}`
  const theirs = aws.sqs(region, role)
  const url = await theirs.create(name)
  expect((await theirs.attributes(url)).arn).toBe(`arn:aws:sqs:${region}:${otherAccount}:${name}`)
  await expect(aws.sqs().queueUrl(name)).rejects.toMatchObject({ code: 'SOURCE_MISSING' })
})

test('a queue is made in the region that was asked for', async () => {
  const name = `logs-${randomUUID()}`
  const url = await aws.sqs('ap-northeast-1').create(name)
  const arn = `arn:aws:sqs:ap-northeast-1:${accountId}:${name}`
  expect((await aws.sqs('ap-northeast-1').attributes(url)).arn).toBe(arn)
  expect(await aws.sqs().queueUrl(arn)).toBe(url)
  await expect(aws.sqs().queueUrl(name)).rejects.toMatchObject({ code: 'SOURCE_MISSING' })
})

test('objects are read as a role', async () => {
  const bucket = await makeBucket()
  await put(bucket, 'a', 'body')
  const { bytes } = await aws.s3(role).getObjectBytes({ bucket, key: 'a', size: 4 })
  expect(bytes.toString()).toBe('body')
})

test('the caller is known by the ARN that a trust policy names', async () => {
  expect(await aws.trustedArn()).toMatch(new RegExp(`^arn:aws:(?:iam|sts)::${accountId}:`))
})
