import { describe, expect, test } from 'vitest'
import { customEndpoint } from '../../src/aws/endpoints.ts'
import { type RoleRequest, type StsOptions, callerIdentity, roleCredentials } from '../../src/aws/sts.ts'
import { failing, resetting } from './answers.ts'
import { TestClock, fixed, keys } from './clients.ts'
import { openPools, serve } from './servers.ts'
import { StsServer } from './sts-server.ts'

const roleArn = 'arn:aws:iam::210987654321:role/logs'
const externalId = 'millrace-4f6c/one'

async function serveSts(clock: TestClock): Promise<Pick<StsServer, 'met' | 'faults'> & { options: StsOptions }> {
  const sts = new StsServer(keys, clock.now)
  sts.trusts.set(roleArn, externalId)
  const url = await serve(sts.respond)
  return {
    options: {
      pools: openPools(),
      credentials: fixed(keys),
      timing: clock,
      endpoints: () => customEndpoint(url, 'AWS_ENDPOINT_URL_STS'),
      region: 'eu-west-1',
    },
    met: sts.met,
    faults: sts.faults,
  }
}

describe('a role', () => {
  test('is assumed with its external id, and again before its keys expire', async () => {
    const clock = new TestClock()
    const { options, met } = await serveSts(clock)
    const source = roleCredentials(options, { roleArn, externalId, sessionName: 'lake@one', durationSeconds: 900 })
    expect(await source.get()).toEqual({
      accessKeyId: 'ASIA1',
      secretAccessKey: 's/e+c=',
      sessionToken: 'token1',
      expiresAtMs: clock.time + 900_000,
    })
    expect(Object.fromEntries(met[0] ?? [])).toEqual({
      Action: 'AssumeRole',
      Version: '2011-06-15',
      RoleArn: roleArn,
      RoleSessionName: 'lake@one',
      ExternalId: externalId,
      DurationSeconds: '900',
    })
    clock.time += 870_000
    expect((await source.get()).accessKeyId).toBe('ASIA2')
  })

  test('that may not be assumed is told, with what its trust policy needs', async () => {
    const { options } = await serveSts(new TestClock())
    const who = 'arn:aws:iam::123456789012:user/collector'
    const message = (condition: string): string =>
      `The role ${roleArn} may not be assumed by ${who}. Its trust policy must allow sts:AssumeRole to ${who} with ${condition}, and a policy of the caller must allow sts:AssumeRole on the role.`
    await expect(roleCredentials(options, { roleArn, externalId: 'another' }).get()).rejects.toMatchObject({
      code: 'ACCESS_DENIED',
      message: message('the condition sts:ExternalId = another'),
    })
    await expect(roleCredentials(options, { roleArn }).get()).rejects.toMatchObject({
      code: 'ACCESS_DENIED',
      message: message('no condition on sts:ExternalId'),
    })
  })

  test('is asked for again after what passes', async () => {
    const { options, faults, met } = await serveSts(new TestClock())
    faults.push(resetting, failing(500, 'InternalFailure'), failing(400, 'Throttling'))
    expect((await roleCredentials(options, { roleArn, externalId }).get()).accessKeyId).toBe('ASIA4')
    expect(met).toHaveLength(4)
  })

  test('is not taken from an answer in another form', async () => {
    const { options, faults } = await serveSts(new TestClock())
    for (const body of ['<html>sign in</html>', 'hello', '<AssumeRoleResponse/>']) {
      faults.push((response) => response.end(body))
      await expect(roleCredentials(options, { roleArn, externalId }).get()).rejects.toMatchObject({
        code: 'SOURCE_REFUSED',
      })
    }
  })

  test.each<[string, RoleRequest]>([
    ['an ARN of something else', { roleArn: 'arn:aws:iam::123456789012:user/a' }],
    ['an external id with a space', { roleArn, externalId: 'a b' }],
    ['a session name of one letter', { roleArn, sessionName: 'a' }],
    ['a session of a minute', { roleArn, durationSeconds: 60 }],
  ])('is refused with %s', async (_name, request) => {
    const { options } = await serveSts(new TestClock())
    expect(() => roleCredentials(options, request)).toThrow(expect.objectContaining({ code: 'USAGE' }))
  })
})

test('a clock that is wrong is told', async () => {
  const clock = new TestClock()
  const { options, faults } = await serveSts(clock)
  const date = new Date(clock.time + 40 * 60_000).toUTCString()
  const message = 'Signature expired: 20261121T160000Z is now earlier than 20261121T162500Z'
  faults.push(failing(403, 'SignatureDoesNotMatch', { message, headers: { date } }))
  await expect(callerIdentity(options)).rejects.toMatchObject({
    code: 'CLOCK_SKEWED',
    message: expect.stringContaining("this machine's clock is 40 minutes behind AWS's."),
  })
})

test('the caller is told who it is', async () => {
  const { options } = await serveSts(new TestClock())
  expect(await callerIdentity(options)).toEqual({
    accountId: '123456789012',
    arn: 'arn:aws:iam::123456789012:user/a&b',
  })
})
