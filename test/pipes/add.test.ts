import { mkdir, mkdtemp, realpath, rm, symlink, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { placeOf } from '../../src/commands/add/place.ts'
import { type AddPlan, type Source, planAdd } from '../../src/commands/add/plan.ts'
import type { OpenLake } from '../../src/lake.ts'
import { logTypeNamed } from '../../src/log-type/registry.ts'
import { namesOf, ran } from '../run/running.ts'
import { type World, openWorld } from './world.ts'
import { openTestLake } from '../loading/template.ts'

let world: World
let queue: string
let directory: string
let lake: OpenLake

beforeAll(async () => {
  world = await openWorld()
  queue = world.queueUrl
})

afterAll(() => world.close())

beforeEach(async () => {
  directory = await realpath(await mkdtemp(join(tmpdir(), 'millrace-add-')))
  lake = await openTestLake(join(directory, 'lake'))
})

afterEach(async () => {
  await lake.close()
  await rm(directory, { recursive: true, force: true })
})

function source(url: string, more: Partial<Source> = {}): Source {
  const type = logTypeNamed('vpc-flow-logs')
  if (type === undefined) throw new Error('There is no such log type.')
  return { type, url, reconcile: '15 minutes', start: 'all', ...more }
}

async function plan(wanted: Source): Promise<AddPlan> {
  const integrations = (await namesOf(lake, 'show storage integrations')).map(String)
  return planAdd(wanted, { stages: await lake.listStages(), pipes: await lake.listPipes(), integrations })
}

/** Plans, and runs the plan. */
async function add(wanted: Source): Promise<string> {
  const made = await plan(wanted)
  if ('known' in made) return `known: ${made.known.name}`
  await ran(lake, made.sql)
  expect(await lake.pipe(made.pipe).details()).toMatchObject({
    state: 'stopped',
    table_name: `logs.${wanted.type.table}`,
  })
  return made.sql
}

describe('a plan', () => {
  test('is the SQL of a stage and a pipe', async () => {
    expect(await add(source('s3://my.logs/AWSLogs/', { queue, reconcile: '10s', start: '2026-11-20' }))).toBe(
      `CREATE STAGE vpc_flow_logs_my_logs
  URL = 's3://my.logs/AWSLogs/';
CREATE PIPE vpc_flow_logs_my_logs
  AUTO_INGEST = TRUE
  QUEUE = '${queue}'
  RECONCILE = '10s'
  START = '2026-11-20'
  AS COPY INTO logs.vpc_flow_logs
  FROM @vpc_flow_logs_my_logs
  FILE_FORMAT = (TYPE = VPC_FLOW_LOGS);
`,
    )
  })

  test('for a source that is there already runs nothing, however its pipe was made', async () => {
    await add(source('s3://logs/a/', { queue }))
    await ran(
      lake,
      `create stage own url = 's3://logs';
       create pipe by_hand as copy into logs.vpc_flow_logs from @own/b/ file_format = (type = vpc_flow_logs)`,
    )
    expect(await add(source('s3://logs/a/', { queue, reconcile: '1h', name: 'x' }))).toBe(
      'known: MILLRACE.PUBLIC.VPC_FLOW_LOGS_LOGS',
    )
    // The stage is another's, and only a part of it is read.
    expect(await add(source('s3://logs/', { queue }))).toContain('CREATE PIPE vpc_flow_logs_logs_2')
  })

  test('takes a stage that is there, and names that are free', async () => {
    await ran(lake, "create stage mine url = 's3://logs/a'")
    const first = await add(source('s3://logs/a/', { queue }))
    const second = await add(source('s3://logs/b/', { queue }))
    const third = await add(source('s3://other/b/', { queue, name: 'own_name' }))

    expect(first).toContain('FROM @MINE')
    expect(first).not.toContain('CREATE STAGE')
    expect(second).toContain('CREATE STAGE vpc_flow_logs_logs_2')
    expect(third).toContain('FROM @own_name')
    await expect(plan(source('s3://more/', { name: 'OWN_NAME' }))).rejects.toMatchObject({ code: 'USAGE' })
    await expect(plan(source('s3://more/', { name: 'a b' }))).rejects.toMatchObject({ code: 'USAGE' })
  })

  test('with a role makes an integration that allows the place alone', async () => {
    const role = 'arn:aws:iam::123456789012:role/reader'
    const sql = await add(source('s3://logs/a/', { queue, role, externalId: 'e-1', name: 'flow' }))

    expect(sql).toContain(`CREATE STORAGE INTEGRATION flow_role
  TYPE = EXTERNAL_STAGE
  STORAGE_PROVIDER = S3
  ENABLED = TRUE
  STORAGE_AWS_ROLE_ARN = '${role}'
  STORAGE_AWS_EXTERNAL_ID = 'e-1'
  STORAGE_ALLOWED_LOCATIONS = ('s3://logs/a/');
CREATE STAGE flow
  URL = 's3://logs/a/'
  STORAGE_INTEGRATION = flow_role;`)
    expect(await lake.listStages()).toMatchObject([{ integration: 'FLOW_ROLE', pipes: ['MILLRACE.PUBLIC.FLOW'] }])
  })

  test('says how files are read', async () => {
    expect(await add(source('s3://logs/a/', { queue, format: 'version srcaddr' }))).toContain(
      "FILE_FORMAT = (TYPE = VPC_FLOW_LOGS LOG_FORMAT = 'version srcaddr')",
    )
    expect(await add(source('s3://logs/b/', { queue, fileFormat: 'type = parquet' }))).toContain(
      'FILE_FORMAT = (TYPE = PARQUET)',
    )
  })

  test.each([
    [{ reconcile: 'often' }, 'RECONCILE'],
    [{ start: 'yesterday' }, 'START'],
    [{ queue: 'logs' }, 'QUEUE'],
    [{ role: 'me' }, 'STORAGE_AWS_ROLE_ARN'],
    [{ fileFormat: 'type = tsv' }, 'TYPE'],
    [{ fileFormat: 'type = csv; drop stage s' }, 'second statement'],
  ])('%j is refused before anything has run', async (wrong, words) => {
    await expect(plan(source('s3://logs/', wrong))).rejects.toMatchObject({
      code: 'USAGE',
      message: expect.stringContaining(words),
    })
  })

  test('is taken back as a whole', async () => {
    const role = 'arn:aws:iam::123456789012:role/reader'
    const made = await plan(source('s3://logs/a/', { queue, role }))
    if ('known' in made) throw new Error('It is not there yet.')
    await ran(lake, made.sql)
    await ran(lake, made.undo)
    await ran(lake, made.undo)

    expect([await lake.listPipes(), await lake.listStages()]).toEqual([[], []])
    expect(await namesOf(lake, 'show storage integrations')).toEqual([])
  })
})

describe('a place', () => {
  test('is a folder by its real path, or a bucket, with a slash at its end', async () => {
    const odd = join(directory, 'a&b ${c} <d> ü%')
    await mkdir(odd)
    await symlink(odd, join(directory, 'alias'))
    await writeFile(join(directory, 'file'), '')

    const url = placeOf(join(directory, 'alias'))
    expect(placeOf(odd)).toBe(url)
    expect(placeOf(`${pathToFileURL(odd).href}/`)).toBe(url)
    expect(await add(source(url))).toContain(`URL = '${url}'`)
    expect((await lake.listPipes())[0]?.state).toBe('stopped')
    expect([placeOf('s3://logs'), placeOf('s3://logs/a'), placeOf('s3gov://logs/a/')]).toEqual([
      's3://logs/',
      's3://logs/a/',
      's3gov://logs/a/',
    ])
    for (const [wrong, code] of [
      [join(directory, 'nowhere'), 'SOURCE_MISSING'],
      [join(directory, 'file'), 'SOURCE_UNSUPPORTED'],
      ['gs://logs/', 'SOURCE_UNSUPPORTED'],
      ['s3://', 'SOURCE_UNSUPPORTED'],
      ['file://host/x', 'SOURCE_UNSUPPORTED'],
    ] as const)
      expect(() => placeOf(wrong), wrong).toThrow(expect.objectContaining({ code }))
  })
})
