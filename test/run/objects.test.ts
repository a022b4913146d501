import { expect, test } from 'vitest'
import { openedLake } from '../loading/lakes.ts'
import { failureOf, lastRows, namesOf, propertiesOf, ran, statusOf } from './running.ts'

const integration = (name: string, more = ''): string => `
  create or replace storage integration ${name} type = external_stage storage_provider = s3 enabled = true
    storage_aws_role_arn = 'arn:aws:iam::123456789012:role/reader'
    storage_allowed_locations = ('s3://logs/a/', 's3://logs/b') storage_blocked_locations = ('s3://logs/a/private/') ${more};`

test('a storage integration has the properties that a trust policy needs', async () => {
  const lake = await openedLake()
  const first = await propertiesOf(lake, `${integration('int_a')} desc integration int_a`)
  const again = await propertiesOf(lake, `${integration('int_a')} desc integration int_a`)
  const given = `storage_aws_external_id = 'own'`
  const kept = await propertiesOf(
    lake,
    `${integration('int_a', given)} ${integration('int_a', given)} desc integration int_a`,
  )

  expect(first).toMatchObject({
    ENABLED: 'true',
    STORAGE_PROVIDER: 'S3',
    STORAGE_ALLOWED_LOCATIONS: 's3://logs/a/,s3://logs/b',
    STORAGE_BLOCKED_LOCATIONS: 's3://logs/a/private/',
    STORAGE_AWS_IAM_USER_ARN: null,
    STORAGE_AWS_ROLE_ARN: 'arn:aws:iam::123456789012:role/reader',
    STORAGE_AWS_EXTERNAL_ID: expect.stringMatching(/^MILLRACE_SFCRole=2_[\w+/]{32}$/),
  })
  expect(again['STORAGE_AWS_EXTERNAL_ID']).not.toBe(first['STORAGE_AWS_EXTERNAL_ID'])
  expect(kept['STORAGE_AWS_EXTERNAL_ID']).toBe('own')
})

test('a storage integration is changed, shown and dropped', async () => {
  const lake = await openedLake()
  await ran(lake, integration('int_a'))
  const before = await propertiesOf(lake, 'desc integration int_a')
  const after = await propertiesOf(
    lake,
    "alter storage integration int_a set enabled = false comment = 'off'; desc integration int_a",
  )

  expect(after).toEqual({ ...before, ENABLED: 'false', COMMENT: 'off' })
  expect(await lastRows(lake, "alter integration int_a unset comment; show integrations like 'INT%'")).toMatchObject([
    { name: 'INT_A', type: 'EXTERNAL_STAGE', category: 'STORAGE', enabled: 'false', comment: null },
  ])
  expect(await statusOf(lake, 'drop integration int_a')).toBe('INT_A successfully dropped.')
  expect(await statusOf(lake, 'drop integration if exists int_a')).toContain('already dropped')
  expect(await failureOf(lake, '\ndrop integration int_a')).toMatchObject({
    code: 'STATEMENT_FAILED',
    place: { line: 2, column: 1 },
    message: expect.stringContaining('line 2: STORAGE INTEGRATION INT_A does not exist'),
  })
})

test('a warehouse is taken and shown, with a word that it changes nothing', async () => {
  const lake = await openedLake()
  const [row] = await lastRows(
    lake,
    "create warehouse big with warehouse_size = '2X-LARGE' auto_suspend = 300 comment = 'mine'; show warehouses",
  )

  expect(row).toMatchObject({
    name: 'BIG',
    size: '2X-Large',
    auto_suspend: 300,
    is_current: 'Y',
    comment: 'mine',
    note: expect.stringContaining('one engine'),
  })
  expect(await statusOf(lake, 'alter warehouse big suspend')).toContain('one engine')
  expect(
    await lastRows(
      lake,
      'alter warehouse big set warehouse_size = small; alter warehouse big rename to s; show warehouses',
    ),
  ).toMatchObject([{ name: 'S', size: 'Small' }])
  expect(await lastRows(lake, 'use warehouse s; desc warehouse s')).toMatchObject([{ name: 'S', kind: 'WAREHOUSE' }])
  expect((await failureOf(lake, 'use warehouse big')).message).toContain('WAREHOUSE BIG does not exist')
})

test('a stage is within what its integration allows', async () => {
  const lake = await openedLake()
  await ran(lake, integration('i'))
  const make = (url: string): string => `create or replace stage s url = '${url}' storage_integration = i`

  for (const url of ['s3://logs/a/', 's3://logs/a', 's3://logs/a/x/', 's3://logs/b', 's3://logs/b/y'])
    expect(await statusOf(lake, make(url))).toBe('Stage area S successfully created.')
  for (const url of ['s3://logs/b2/', 's3://logs/', 's3://other/a/', 's3://logs/A/', 'file:///logs/a/'])
    expect((await failureOf(lake, make(url))).message).toContain(`names ${url}, which is not allowed by integration I`)
  for (const url of ['s3://logs/a/private/', 's3://logs/a/private/x', 's3://logs/a/private'])
    expect((await failureOf(lake, make(url))).message).toContain('blocked')
  expect((await failureOf(lake, "alter stage s set url = 's3://other/'")).message).toContain('not allowed')
  expect((await failureOf(lake, "create stage t url = 's3://x/' storage_integration = j")).message).toContain(
    'Integration J does not exist',
  )
  expect((await failureOf(lake, "create stage t comment = 'within'")).message).toContain('has no URL')
})

test('a stage is described and shown, with its file format by name or by its options', async () => {
  const lake = await openedLake()
  await ran(
    lake,
    `${integration('i')}
     create file format lines type = csv field_delimiter = none skip_blank_lines = true;
     create stage named url = 's3://logs/a/' storage_integration = i file_format = lines comment = 'here';
     create stage inline url = 'file:///var/log/' file_format = (type = parquet binary_as_text = false)`,
  )
  const named = await propertiesOf(lake, 'desc stage named')
  const inline = await propertiesOf(lake, 'desc stage inline')

  expect(named).toMatchObject({ FORMAT_NAME: 'LINES', STORAGE_INTEGRATION: 'I', URL: '["s3://logs/a/"]' })
  expect(named['AWS_EXTERNAL_ID']).toMatch(/^MILLRACE_SFCRole/)
  expect(inline).toMatchObject({
    TYPE: 'PARQUET',
    BINARY_AS_TEXT: 'false',
    COMPRESSION: 'AUTO',
    URL: '["file:///var/log/"]',
  })
  expect(await lastRows(lake, 'show stages')).toMatchObject([
    { name: 'INLINE', cloud: null, url: 'file:///var/log/', storage_integration: null },
    {
      name: 'NAMED',
      cloud: 'AWS',
      storage_integration: 'I',
      comment: 'here',
      database_name: 'MILLRACE',
      schema_name: 'PUBLIC',
    },
  ])
  expect((await failureOf(lake, "create stage t url = 's3://x/' file_format = none_such")).message).toContain(
    'File format MILLRACE.PUBLIC.NONE_SUCH does not exist',
  )
})

test('a file format is changed by the options of its type', async () => {
  const lake = await openedLake()
  await ran(lake, "create file format f type = csv skip_header = 1 comment = 'c'")
  const changed = await propertiesOf(
    lake,
    "alter file format f set field_delimiter = '|' null_if = ('-'); desc file format f",
  )

  expect(changed).toMatchObject({ TYPE: 'CSV', FIELD_DELIMITER: '|', SKIP_HEADER: '1', NULL_IF: '[-]' })
  expect(await propertiesOf(lake, 'alter file format f unset skip_header; desc file format f')).toMatchObject({
    FIELD_DELIMITER: '|',
    SKIP_HEADER: '0',
  })
  expect(await failureOf(lake, 'alter file format f set strip_outer_array = true')).toMatchObject({
    code: 'STATEMENT_FAILED',
    message: expect.stringMatching(/^line 1: File format F cannot be changed so: .*STRIP_OUTER_ARRAY/),
  })
  expect(await lastRows(lake, 'show file formats')).toMatchObject([{ name: 'F', type: 'CSV', comment: 'c' }])
  expect(await namesOf(lake, 'alter file format f rename to g; show file formats')).toEqual(['G'])
})

test('OR REPLACE, IF NOT EXISTS and neither', async () => {
  const lake = await openedLake()
  const objects = {
    warehouse: 'warehouse_size = small',
    database: "comment = 'x'",
    schema: "comment = 'x'",
    'file format': 'type = json',
    stage: "url = 's3://b/'",
  }
  for (const [kind, rest] of Object.entries(objects)) {
    await ran(lake, `use schema millrace.public; create ${kind} if not exists one ${rest}; use schema millrace.public`)
    expect(await statusOf(lake, `create ${kind} if not exists one ${rest}`)).toBe(
      'ONE already exists, statement succeeded.',
    )
    expect(await statusOf(lake, `create or replace ${kind} one ${rest}`)).toMatch(/ ONE successfully created\.$/)
    expect(await failureOf(lake, `select 1;\n create ${kind} one ${rest}`)).toMatchObject({
      code: 'STATEMENT_FAILED',
      exitCode: 1,
      message: expect.stringMatching(/^line 2: .*ONE already exists; say CREATE OR REPLACE/),
    })
    expect(await statusOf(lake, `drop ${kind} one`)).toBe('ONE successfully dropped.')
  }
})

test('names without quotes are in upper case, those with quotes as they are', async () => {
  const lake = await openedLake()
  await ran(
    lake,
    `create stage Plain url = 's3://b/'; create stage "Plain" url = 's3://c/'; create stage "a.b ""c""" url = 's3://d/'`,
  )

  expect(await namesOf(lake, 'show stages')).toEqual(['PLAIN', 'Plain', 'a.b "c"'])
  expect(await propertiesOf(lake, 'desc stage plain')).toMatchObject({ URL: '["s3://b/"]' })
  expect(await propertiesOf(lake, 'desc stage "PLAIN"')).toMatchObject({ URL: '["s3://b/"]' })
  expect(await propertiesOf(lake, 'desc stage MILLRACE."PUBLIC"."Plain"')).toMatchObject({ URL: '["s3://c/"]' })
  expect(await propertiesOf(lake, 'desc stage public."a.b ""c"""')).toMatchObject({ URL: '["s3://d/"]' })
  expect((await failureOf(lake, 'desc stage "plain"')).message).toContain(
    'STAGE MILLRACE.PUBLIC."plain" does not exist',
  )
})

test('SHOW narrows by LIKE, IN, STARTS WITH and LIMIT', async () => {
  const lake = await openedLake()
  await ran(
    lake,
    `create stage a_1 url = 's3://b/'; create stage ax1 url = 's3://b/'; create stage b url = 's3://b/';
     create schema other; create stage c url = 's3://b/';
     create database d; create stage e url = 's3://b/'`,
  )

  expect(await namesOf(lake, 'show stages')).toEqual(
    ['C', 'AX1', 'A_1', 'B'].toSorted((one, two) => order(one) - order(two)),
  )
  expect(await namesOf(lake, 'use database d; show stages')).toEqual(['E'])
  expect(await namesOf(lake, 'show stages in account')).toHaveLength(5)
  expect(await namesOf(lake, 'show stages in database d')).toEqual(['E'])
  expect(await namesOf(lake, 'show stages in schema')).toEqual(['AX1', 'A_1', 'B'])
  expect(await namesOf(lake, 'show stages in other')).toEqual(['C'])
  expect(await namesOf(lake, 'show stages in d')).toEqual(['E'])
  expect(await namesOf(lake, 'show stages in d.public')).toEqual(['E'])
  expect(await namesOf(lake, String.raw`show stages like 'a\\_%'`)).toEqual(['A_1'])
  expect(await namesOf(lake, "show stages like 'a_1'")).toEqual(['AX1', 'A_1'])
  expect(await namesOf(lake, "show stages in schema starts with 'A' limit 1")).toEqual(['AX1'])
  expect(await namesOf(lake, "show stages in schema starts with 'a'")).toEqual([])
  expect(await namesOf(lake, "show stages in schema limit 5 from 'A_'")).toEqual(['A_1', 'B'])
  expect(await lastRows(lake, 'show terse schemas in database d')).toMatchObject([
    { name: 'PUBLIC', kind: 'SCHEMA', database_name: 'D', schema_name: null },
  ])
  expect((await failureOf(lake, 'show stages in database nowhere')).message).toContain(
    'DATABASE NOWHERE does not exist',
  )
})

/** By schema, then name. */
function order(name: string): number {
  return ['C', 'AX1', 'A_1', 'B'].indexOf(name)
}
