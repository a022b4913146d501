import { spawn } from 'node:child_process'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { text } from 'node:stream/consumers'
import { fileURLToPath } from 'node:url'
import { afterEach, beforeEach, expect, test } from 'vitest'
import type { TestServer } from '../aws/servers.ts'
import { AthenaServer } from './athena-server.ts'

const cli = fileURLToPath(new URL('../../dist/cli.js', import.meta.url))

let athena: AthenaServer
let server: TestServer

beforeEach(async () => {
  const started = await AthenaServer.start(() => ({
    columns: [{ Name: 'n', Type: 'bigint' }],
    rows: [['7'], ['8']],
    scanned: 20 * 2 ** 20,
    statementType: 'DML',
    asked: 0,
  }))
  athena = started.athena
  server = started.server
})

afterEach(() => server.close())

async function run(
  ...args: string[]
): Promise<{ readonly code: number | null; readonly out: string; readonly err: string }> {
  const environment = {
    AWS_ENDPOINT_URL: server.url,
    AWS_REGION: 'eu-west-1',
    AWS_ACCESS_KEY_ID: 'test',
    AWS_SECRET_ACCESS_KEY: 'test',
  }
  const child = spawn(process.execPath, [cli, ...args], {
    env: { ...process.env, ...environment, NO_COLOR: '1' },
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  const [out, err, code] = await Promise.all([
    text(child.stdout),
    text(child.stderr),
    new Promise<number | null>((resolve) => child.on('exit', resolve)),
  ])
  return { code, out, err }
}

const source = ['--flow-logs', 's3://my-logs/', '--accounts', '123456789012', '--regions', 'eu-west-1']

test('deploy athena --dry-run prints every statement and sends none', async () => {
  const { code, out } = await run('deploy', 'athena', ...source, '--results', 's3://my-results/', '--dry-run')

  expect(code).toBe(0)
  expect(out).toContain(
    '-- athena CreateWorkGroup: {"database":"millrace","workGroup":"millrace","outputLocation":"s3://my-results/"',
  )
  expect(out).toContain('CREATE EXTERNAL TABLE IF NOT EXISTS `vpc_flow_logs_raw` (')
  expect(out).toContain('CREATE OR REPLACE VIEW vpc_flow_logs AS')
  expect(out).toContain('-- athena CreateNamedQuery: top-sources')
  expect(athena.requests.map(({ call }) => call).filter((call) => !call.startsWith('Get'))).toEqual([])
})

test('deploy athena makes tables of web logs, which have no places to name', async () => {
  const { code, out } = await run(
    'deploy',
    'athena',
    '--web-logs',
    's3://web-logs',
    '--results',
    's3://my-results/',
    '--dry-run',
  )

  expect(code).toBe(0)
  expect(out).toContain('CREATE EXTERNAL TABLE IF NOT EXISTS `web_access_logs_raw` (')
  expect(out).toContain("LOCATION 's3://web-logs/'")
  expect(out).toContain('CREATE OR REPLACE VIEW web_access_logs AS')
  expect(out).not.toContain('vpc_flow_logs')
})

test.each([
  [['--results', 's3://my-results/'], /There is nothing to deploy/],
  [[...source.slice(0, 2), '--results', 's3://my-results/'], /Give --accounts and --regions/],
  [[...source, '--results', 'my-results'], /--results my-results names no bucket/],
  [[...source, '--results', 's3://my-results/', '--from', '2026-02-31'], /--from 2026-02-31 is no day/],
  [['--flow-logs', 's3://my-logs/', '--accounts', "1'2", '--results', 's3://my-results/'], /--accounts 1'2 is not/],
  [['--flow-logs', 's3://my-logs/', '--regions', 'ireland', '--results', 's3://my-results/'], /--regions ireland is/],
  [['--access-logs', 's3://my-logs/', '--buckets', 'a,My', '--results', 's3://my-results/'], /--buckets a is not/],
])('deploy athena %o is refused', async (args, message) => {
  const { code, err } = await run('deploy', 'athena', ...args)
  expect([code, err]).toEqual([2, expect.stringMatching(message)])
})

const place = ['--database', 'millrace', '--workgroup', 'millrace']

test('query --engine athena prints the rows, and what they cost', async () => {
  const { code, out, err } = await run(
    'query',
    '--engine',
    'athena',
    ...place,
    '--output',
    'csv',
    '--max-rows',
    '1',
    'select n from t',
  )

  expect([code, out]).toEqual([0, 'n\n7\n'])
  expect(err).toContain('There are more rows than the 1 of --max-rows.')
  expect(err).toContain(
    'Athena scanned 20971520 bytes in 1.5 seconds, which cost 0.000095 at 5 a tebibyte (query query-1).',
  )
  expect(athena.sent('StartQueryExecution')[0]).toMatchObject({ WorkGroup: 'millrace', QueryString: 'select n from t' })
})

test("query --engine athena runs where the lake's settings say, and flags win", async () => {
  const lake = await mkdtemp(join(tmpdir(), 'millrace-athena-'))
  const query = ['query', '--lake', lake, '--engine', 'athena', '--quiet']
  try {
    const nowhere = await run(...query, 'select 1')
    expect([nowhere.code, nowhere.out]).toEqual([2, ''])
    expect(nowhere.err).toContain('Give --database and --workgroup, or name both as "athena" in ')
    expect(nowhere.err).toContain(join(lake, 'settings.json'))
    expect((await run(...query, '--database', 'd', 'select 1')).code).toBe(2)

    const named = { database: 'logs', workgroup: 'people', results: 's3://my-results/a/', region: 'us-west-2' }
    await writeFile(join(lake, 'settings.json'), JSON.stringify({ athena: named, athena_price_per_tib: 7 }))
    expect((await run(...query, 'select 1')).code).toBe(0)
    expect((await run(...query, ...place, '--results', 's3://r/', 'select 1')).code).toBe(0)
    expect((await run(...query, '--workgroup', 'other', 'select 1')).code).toBe(0)
  } finally {
    await rm(lake, { recursive: true })
  }
  const started = athena
    .sent('StartQueryExecution')
    .map(({ WorkGroup, QueryExecutionContext, ResultConfiguration }) => [
      WorkGroup,
      QueryExecutionContext,
      ResultConfiguration,
    ])
  expect(started).toEqual([
    ['people', { Database: 'logs' }, { OutputLocation: 's3://my-results/a/' }],
    ['millrace', { Database: 'millrace' }, { OutputLocation: 's3://r/' }],
    ['other', { Database: 'logs' }, { OutputLocation: 's3://my-results/a/' }],
  ])
  // The region is that of the signature.
  expect(athena.regions()).toEqual(new Set(['us-west-2']))
})

test('a named query is printed for Athena', async () => {
  const { code } = await run('query', '--engine', 'athena', ...place, '--name', 'top-sources', '--quiet')

  expect(code).toBe(0)
  expect(athena.sent('StartQueryExecution')[0]?.['QueryString']).toMatch(/SELECT[\s\S]*FROM vpc_flow_logs/)
})
