import { existsSync, readFileSync } from 'node:fs'
import { resolve } from 'node:path'
import { describe, expect, test } from 'vitest'
import { type ScriptStatement, parseStatement, readScript } from '../../src/sql/script.ts'
import { printStatement } from '../../src/sql/statement/registry.ts'
import { pipelineScript } from './pipeline-script.ts'
import { withoutPlaces } from './without-places.ts'

/** The published scripts, for those who have them beside the project. */
const published = resolve('../shared/quickstarts')

const values = { AWS_ACCOUNT_NUMBER: '123456789012', RoleName: 'reader', BUCKET_NAME: 'logs', PREFIX: 'a/b', FILE: 'x' }

const flowKinds = [
  ...[
    'create-storage-integration',
    'describe',
    'create-warehouse',
    'create-stage',
    'list',
    'create-table',
    'copy-into-table',
    'sql',
  ],
  ...[
    'create-pipe',
    'show',
    'alter-pipe',
    'sql',
    'sql',
    'create-view',
    'sql',
    'create-function',
    'sql',
    'sql',
    'sql',
    'sql',
  ],
]

const accessKinds = [
  ...[
    'create-storage-integration',
    'describe',
    'create-warehouse',
    'create-file-format',
    'create-stage',
    'list',
    'create-table',
    'create-stream',
  ],
  ...[
    'copy-into-table',
    'sql',
    'create-pipe',
    'show',
    'alter-pipe',
    'sql',
    'create-function',
    'sql',
    'create-table',
    'create-task',
    'alter-task',
  ],
  ...['sql', 'sql', 'sql', 'sql', 'sql', 'sql'],
]

const kindsOf = (statements: readonly ScriptStatement[]): string[] => statements.map(({ statement }) => statement.kind)

function expectRoundTrip(statements: readonly ScriptStatement[]): void {
  for (const { statement } of statements)
    expect(withoutPlaces(parseStatement(printStatement(statement)))).toEqual(withoutPlaces(statement))
}

describe.runIf(existsSync(published))('published scripts', () => {
  test.each([
    ['vpc-flow-snowflake.sql', flowKinds],
    ['s3-access-snowflake.sql', accessKinds],
  ])('%s', (file, kinds) => {
    const statements = readScript(readFileSync(resolve(published, file), 'utf8'), { values })

    expect(kindsOf(statements)).toEqual(kinds)
    expectRoundTrip(statements)
  })

  test('vpc-flow-athena.sql', () => {
    const text = readFileSync(resolve(published, 'vpc-flow-athena.sql'), 'utf8')

    expect(kindsOf(readScript(text, { values: { ...values, AWS_REGION: 'eu-west-1' }, dialect: 'athena' }))).toEqual([
      'create-table',
      'add-partitions',
      'sql',
    ])
  })

  test('vpc-flow-dashboard.md', () => {
    const [, script = ''] =
      /```sql\n([\s\S]*?)```/.exec(readFileSync(resolve(published, 'vpc-flow-dashboard.md'), 'utf8')) ?? []
    const statements = readScript(script, { values })

    expect(kindsOf(statements)).toEqual([
      'create-database',
      'create-table',
      'copy-into-table',
      'sql',
      'copy-into-table',
    ])
    expectRoundTrip(statements)
  })

  test('a placeholder that is left over is named', () => {
    const text = readFileSync(resolve(published, 'vpc-flow-snowflake.sql'), 'utf8')

    expect(() => readScript(text)).toThrow(
      'line 9: the placeholders <AWS_ACCOUNT_NUMBER>, <RoleName>, <BUCKET_NAME>, <PREFIX> have no values; give each with --set NAME=VALUE',
    )
  })
})

test('the same kinds of statements, written here', () => {
  const statements = readScript(pipelineScript)

  expect(statements.map(({ place, statement }) => [place.line, statement.kind])).toEqual([
    [3, 'create-storage-integration'],
    [9, 'describe'],
    [10, 'create-database'],
    [11, 'create-warehouse'],
    [14, 'create-stage'],
    [18, 'list'],
    [19, 'create-table'],
    [22, 'copy-into-table'],
    [23, 'copy-into-table'],
    [26, 'create-pipe'],
    [31, 'show'],
    [32, 'alter-pipe'],
    [33, 'sql'],
    [35, 'create-view'],
    [40, 'create-function'],
    [47, 'sql'],
    [52, 'create-file-format'],
    [57, 'create-table'],
    [58, 'create-stream'],
    [59, 'copy-into-table'],
    [62, 'create-pipe'],
    [66, 'create-function'],
    [79, 'create-task'],
    [89, 'alter-task'],
    [90, 'sql'],
  ])
  expectRoundTrip(statements)
})

const name = (text: string) => [{ text, quoted: false }]

test('their values', () => {
  const read = (text: string): unknown => withoutPlaces(parseStatement(text))

  expect(
    read(
      `create pipe public.flow_pipe auto_ingest=true as copy into public.flow from @public.flow_stage/a/b file_format = (type = parquet)`,
    ),
  ).toEqual({
    kind: 'create-pipe',
    orReplace: false,
    ifNotExists: false,
    name: [...name('public'), ...name('flow_pipe')],
    options: { autoIngest: true },
    copy: {
      kind: 'copy-into-table',
      table: [...name('public'), ...name('flow')],
      from: { form: 'stage', location: { stage: [...name('public'), ...name('flow_stage')], path: 'a/b' } },
      options: { fileFormat: { form: 'inline', format: { type: 'PARQUET', options: {} } } },
    },
  })
  expect(
    read(
      `create or replace task t warehouse = w schedule = '10 minute' when system$stream_has_data('s') as insert into x (select 1)`,
    ),
  ).toEqual({
    kind: 'create-task',
    orReplace: true,
    ifNotExists: false,
    name: name('t'),
    options: { warehouse: name('w'), schedule: { every: 10, unit: 'MINUTE' } },
    after: [],
    when: { text: `system$stream_has_data('s')` },
    body: { text: 'insert into x (select 1)' },
  })
  expect(
    read(
      `create or replace function f(log STRING) returns table (a STRING,b BIGINT) language python runtime_version=3.10 handler='F' as $$ x; $$`,
    ),
  ).toEqual({
    kind: 'create-function',
    orReplace: true,
    ifNotExists: false,
    secure: false,
    temporary: false,
    name: name('f'),
    arguments: [{ name: { text: 'log', quoted: false }, type: 'STRING' }],
    returns: {
      form: 'table',
      columns: [
        { name: { text: 'a', quoted: false }, type: 'STRING' },
        { name: { text: 'b', quoted: false }, type: 'BIGINT' },
      ],
    },
    traits: [],
    options: { language: 'PYTHON', runtimeVersion: '3.10', handler: 'F' },
    body: { text: ' x; ' },
  })
})

test('bodies have their own places', () => {
  const [first, second, third] = readScript(
    'create view v as\n  select 1;\ncreate function f() returns int as $$\n 1 $$;\ncopy into t from ( select $1\n from @s );',
  ).map(({ statement }) => statement)

  expect(first).toMatchObject({ body: { text: 'select 1', place: { line: 2, column: 3 } } })
  expect(second).toMatchObject({ body: { text: '\n 1 ', place: { line: 3, column: 38 } } })
  expect(third).toMatchObject({ from: { query: { items: [{ text: '$1', place: { line: 5, column: 27 } }] } } })
})
