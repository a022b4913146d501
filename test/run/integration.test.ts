import { expect, test } from 'vitest'
import { failing } from '../aws/answers.ts'
import { openedLake } from '../loading/lakes.ts'
import { type Cloud, cloudOf, setEnvironment } from './clouds.ts'
import { cellOf, failureOf, lastRows, namesOf, propertiesOf, ran } from './running.ts'

const role = 'arn:aws:iam::210987654321:role/logs'

const objects = ['a/1.gz', 'a/2.gz', 'a/private/3.gz', 'b/4.gz']

const stage = `
  create storage integration i type = external_stage storage_provider = s3 enabled = true
    storage_aws_role_arn = '${role}' storage_allowed_locations = ('s3://logs/a/', 's3://logs/b/');
  create stage s url = 's3://logs/a/' storage_integration = i;`

/** Makes the integration and its stage, and a role that trusts what DESC tells. */
async function trusting({ lake, sts }: Cloud): Promise<void> {
  const described = await propertiesOf(lake, `${stage} desc integration i`)
  sts.trusts.set(role, cellOf(described, 'STORAGE_AWS_EXTERNAL_ID'))
}

test('DESC INTEGRATION names who takes the role, of a session its role', async () => {
  const { lake, sts } = await cloudOf(objects)
  const user = async (): Promise<unknown> =>
    (await propertiesOf(lake, 'desc integration i'))['STORAGE_AWS_IAM_USER_ARN']
  await ran(lake, stage)

  expect(await user()).toBe('arn:aws:iam::123456789012:user/a&b')
  sts.callerArn = 'arn:aws:sts::123456789012:assumed-role/collector/i-0abc'
  expect(await user()).toBe('arn:aws:iam::123456789012:role/collector')
})

test('DESC INTEGRATION says why it cannot name them, and all else', async () => {
  const { lake, sts } = await cloudOf(objects)
  const described = async (): Promise<unknown> =>
    (await lastRows(lake, 'desc storage integration i')).find(({ property }) => property === 'STORAGE_AWS_IAM_USER_ARN')
  await ran(lake, stage)
  sts.faults.push(failing(403, 'InvalidClientTokenId'))

  expect(await described()).toMatchObject({
    property_value: null,
    description: expect.stringContaining('the AWS credentials are not valid (InvalidClientTokenId)'),
  })
  const other = await openedLake()
  setEnvironment({ AWS_ACCESS_KEY_ID: '', AWS_SECRET_ACCESS_KEY: '' })
  const rows = await lastRows(other, `${stage} desc integration i`)
  expect(rows.find(({ property }) => property === 'STORAGE_AWS_IAM_USER_ARN')).toMatchObject({
    property_value: null,
    description: expect.stringMatching(/^Who takes the role is not known\. There are no AWS credentials to use/),
  })
  expect(rows.find(({ property }) => property === 'STORAGE_AWS_ROLE_ARN')).toMatchObject({ property_value: role })
  expect((await failureOf(lake, 'desc integration j')).message).toContain('STORAGE INTEGRATION J does not exist')
})

test('a stage is listed by its integration’s role, whose session signs', async () => {
  const world = await cloudOf(objects)
  const { lake, sts, bucket } = world
  await trusting(world)
  bucket.refusesCaller = true

  expect(await namesOf(lake, 'list @s')).toEqual(['s3://logs/a/1.gz', 's3://logs/a/2.gz', 's3://logs/a/private/3.gz'])
  const assumed = sts.met.filter((asked) => asked.get('Action') === 'AssumeRole')
  expect(assumed.map((asked) => [asked.get('RoleArn'), asked.get('ExternalId')])).toEqual([
    [role, sts.trusts.get(role)],
  ])
  expect(bucket.met.every((request) => /^GET \/logs\/\?.*list-type=2/.test(request))).toBe(true)
  await ran(lake, "create stage own url = 's3://logs/a/'")
  expect(await failureOf(lake, 'list @own')).toMatchObject({ code: 'ACCESS_DENIED' })
})

test('what the integration no longer allows is refused at every access', async () => {
  const world = await cloudOf(objects)
  const { lake } = world
  await trusting(world)
  await ran(lake, 'list @s')

  await ran(lake, "alter integration i set storage_blocked_locations = ('s3://logs/a/private/')")
  expect(await namesOf(lake, 'list @s')).toEqual(['s3://logs/a/1.gz', 's3://logs/a/2.gz'])
  expect((await failureOf(lake, 'list @s/private/')).message).toContain(
    's3://logs/a/private/ of stage MILLRACE.PUBLIC.S is blocked by integration I',
  )
  await ran(lake, "alter integration i set storage_allowed_locations = ('s3://logs/b/')")
  expect((await failureOf(lake, 'list @s')).message).toContain(
    's3://logs/a/ of stage MILLRACE.PUBLIC.S is not allowed by integration I; take a location that it allows (s3://logs/b/)',
  )
  await ran(lake, "alter integration i set enabled = false storage_allowed_locations = ('*')")
  expect((await failureOf(lake, 'list @s')).message).toContain(
    'Integration I is not enabled; say ALTER STORAGE INTEGRATION I SET ENABLED = TRUE',
  )
  await ran(lake, 'alter integration i set enabled = true; alter integration i unset storage_blocked_locations')
  expect(await namesOf(lake, 'list @s')).toHaveLength(3)
  await ran(lake, 'drop integration i')
  expect((await failureOf(lake, 'list @s')).message).toContain(
    'Stage MILLRACE.PUBLIC.S names the integration I, which does not exist',
  )
})

test('a role that may not be assumed is named with what it lacks; a change takes effect at once', async () => {
  const world = await cloudOf(objects)
  const { lake, sts } = world
  await trusting(world)
  const other = 'arn:aws:iam::210987654321:role/other'
  expect(await namesOf(lake, 'list @s')).toHaveLength(3)

  await ran(lake, `alter integration i set storage_aws_role_arn = '${other}'`)
  expect(await failureOf(lake, 'list @s')).toMatchObject({
    code: 'ACCESS_DENIED',
    message: expect.stringMatching(
      new RegExp(`^line 1: The role ${other} may not be assumed by \\S+\\. Its trust policy must allow sts:AssumeRole`),
    ),
  })
  sts.trusts.set(other, 'own-id')
  await ran(lake, "alter integration i set storage_aws_external_id = 'own-id'")
  expect(await namesOf(lake, 'list @s')).toHaveLength(3)
  await ran(lake, "alter integration i set storage_aws_external_id = 'another'")
  expect((await failureOf(lake, 'list @s')).message).toContain('the condition sts:ExternalId = another')
})

test('an integration that is replaced has another external id, which the role does not trust', async () => {
  const world = await cloudOf(objects)
  const { lake } = world
  await trusting(world)
  await ran(
    lake,
    stage.replace(/create storage/, 'create or replace storage').replace(/create stage/, 'create or replace stage'),
  )

  expect(await failureOf(lake, 'list @s')).toMatchObject({ code: 'ACCESS_DENIED' })
  await trusting({ ...world, lake: await openedLake() })
  await ran(lake, `alter integration i set storage_aws_external_id = '${world.sts.trusts.get(role) ?? ''}'`)
  expect(await namesOf(lake, 'list @s')).toHaveLength(3)
})

test('a statement that is given up says so', async () => {
  const world = await cloudOf(objects)
  await trusting(world)
  const giveUp = new AbortController()
  world.sts.faults.push(() => giveUp.abort())

  expect(await failureOf(world.lake, 'list @s', { signal: giveUp.signal })).toMatchObject({
    code: 'QUERY_CANCELLED',
    message: expect.stringMatching(/^line 1: /),
  })
})
