import { expect, test } from 'vitest'
import { failing, serveInTurn } from './answers.ts'
import { all, clientOf } from './clients.ts'

const object = { bucket: 'logs', key: 'a b/c', size: 1 }
const who = 'arn:aws:sts::123456789012:assumed-role/collector/millrace'

async function messageOf(
  message: string,
  ask: (client: ReturnType<typeof clientOf>) => Promise<unknown> = (client) => client.getObjectBytes(object),
  region = 'eu-west-1',
): Promise<string> {
  const { url } = await serveInTurn(failing(403, 'AccessDenied', { message }))
  const error: unknown = await ask(clientOf(url, { region })).catch((thrown: unknown) => thrown)
  expect(error).toMatchObject({ code: 'ACCESS_DENIED' })
  return error instanceof Error ? error.message : ''
}

test('the action and the resource are named where S3 does not', async () => {
  expect(await messageOf('Access Denied')).toBe(
    's3://logs/a b/c was refused: the identity of these credentials lacks s3:GetObject on arn:aws:s3:::logs/a b/c. Allow it in a policy of that identity, or of the bucket. If it is allowed, the object is gone: only who has s3:ListBucket is told so.',
  )
  expect(await messageOf('Access Denied', (client) => all(client.listObjects({ bucket: 'logs', prefix: 'x/' })))).toBe(
    's3://logs/x/ was refused: the identity of these credentials lacks s3:ListBucket on arn:aws:s3:::logs. Allow it in a policy of that identity, or of the bucket.',
  )
  expect(await messageOf('Access Denied', (client) => client.getObject({ ...object, versionId: 'v' }))).toContain(
    'lacks s3:GetObjectVersion on arn:aws:s3:::logs/a b/c.',
  )
  expect(await messageOf('Access Denied', undefined, 'cn-north-1')).toContain('arn:aws-cn:s3:::logs/a b/c')
  expect(await messageOf('Access Denied', undefined, 'us-gov-west-1')).toContain('arn:aws-us-gov:s3:::logs/a b/c')
})

test('who lacks it is named where S3 says so', async () => {
  expect(
    await messageOf(
      `User: ${who} is not authorized to perform: s3:GetObject on resource: &quot;arn:aws:s3:::logs/a b/c&quot; because no identity-based policy allows the s3:GetObject action`,
    ),
  ).toBe(
    `s3://logs/a b/c was refused: ${who} lacks s3:GetObject on arn:aws:s3:::logs/a b/c. Allow it in a policy of that identity, or of the bucket. AWS's reason: no identity-based policy allows the s3:GetObject action.`,
  )
})

test('a policy that denies is named', async () => {
  expect(
    await messageOf(
      `User: ${who} is not authorized to perform: s3:ListBucket on resource: "arn:aws:s3:::logs" with an explicit deny in a resource-based policy`,
      (client) => all(client.listObjects({ bucket: 'logs' })),
    ),
  ).toBe(
    `s3://logs/ was refused: ${who} lacks s3:ListBucket on arn:aws:s3:::logs. A policy denies it expressly: change that one.`,
  )
})

test('the key of an encrypted object is named', async () => {
  const key = 'arn:aws:kms:eu-west-1:123456789012:key/0e4c'
  const reason = 'no resource-based policy allows the kms:Decrypt action'
  expect(
    await messageOf(`User: ${who} is not authorized to perform: kms:Decrypt on resource: ${key} because ${reason}`),
  ).toBe(
    `s3://logs/a b/c was refused: ${who} lacks kms:Decrypt on ${key}. Allow it in a policy of that identity and in the policy of the key. AWS's reason: ${reason}.`,
  )
  expect(
    await messageOf(
      `User: ${who} is not authorized to perform: kms:Decrypt on the resource associated with this ciphertext because the resource does not exist in this Region, no resource-based policies allow access`,
    ),
  ).toContain(`${who} lacks kms:Decrypt on the key that encrypts it.`)
})

test('an archived object is told with its storage class', async () => {
  const { url } = await serveInTurn(
    failing(403, 'InvalidObjectState', { more: '<StorageClass>DEEP_ARCHIVE</StorageClass>' }),
  )
  await expect(clientOf(url).getObjectBytes(object)).rejects.toMatchObject({
    code: 'FILE_ARCHIVED',
    message:
      "s3://logs/a b/c is archived (DEEP_ARCHIVE) and cannot be read. Restore it (aws s3api restore-object --bucket logs --key 'a b/c' --restore-request Days=7), and once that is done, load it by its name: millrace load 's3://logs/a b/c'.",
  })
})
