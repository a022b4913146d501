import { execFile } from 'node:child_process'
import { mkdir, mkdtemp, realpath, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { pino } from 'pino'
import { afterAll, beforeAll, expect, test } from 'vitest'
import type { OpenLake } from '../src/lake.ts'
import { parseJson } from '../src/server/json.ts'
import { type RunningServer, startServer } from '../src/server/server.ts'
import { flowLog, until } from './pipes/world.ts'
import { openTestLake } from './loading/template.ts'

const cli = fileURLToPath(new URL('../dist/cli.js', import.meta.url))

let directory: string
let logs: string
let lake: OpenLake
let server: RunningServer

beforeAll(async () => {
  directory = await realpath(await mkdtemp(join(tmpdir(), 'millrace-cli-pipes-')))
  logs = join(directory, 'flow logs')
  await mkdir(logs)
  lake = await openTestLake(join(directory, 'lake'))
  server = await startServer(lake, { host: '127.0.0.1', port: 0, log: pino({ level: 'silent' }) })
})

afterAll(async () => {
  await server.stop()
  await lake.close()
  await rm(directory, { recursive: true, force: true })
})

interface Ended {
  readonly code: unknown
  readonly out: string
  readonly err: string
}

function run(...args: string[]): Promise<Ended> {
  const env = { ...process.env, MILLRACE_LAKE: lake.directory, NO_COLOR: '1' }
  return new Promise((resolve) => {
    execFile(process.execPath, [cli, ...args], { cwd: directory, env }, (error, out, err) => {
      resolve({ code: error === null ? 0 : error.code, out, err })
    })
  })
}

test('a folder is added to a served lake, read from then on, and its pipe is steered', async () => {
  await writeFile(join(logs, 'a.log'), flowLog(5))
  const added = await run('add', 'vpc-flow-logs', './flow logs')

  expect(added).toEqual({
    code: 0,
    out: `CREATE STAGE vpc_flow_logs_flow_logs
  URL = 'file://${directory}/flow%20logs/';
CREATE PIPE vpc_flow_logs_flow_logs
  AUTO_INGEST = TRUE
  RECONCILE = '15 minutes'
  START = 'ALL'
  AS COPY INTO logs.vpc_flow_logs
  FROM @vpc_flow_logs_flow_logs
  FILE_FORMAT = (TYPE = VPC_FLOW_LOGS);
`,
    err: `The pipe MILLRACE.PUBLIC.VPC_FLOW_LOGS_FLOW_LOGS loads file://${directory}/flow%20logs/ into logs.vpc_flow_logs. The server runs it.\n`,
  })
  await until(async () => (await lake.status()).rows, 5)
  await writeFile(join(logs, 'bad.log.gz'), Buffer.from([0x1f, 0x8b, 1, 2, 3]))
  await until(async () => (await lake.pipe('vpc_flow_logs_flow_logs').parked()).length, 1)

  const [again, status, pipes, retry, unknown] = await Promise.all([
    run('add', 'vpc-flow-logs', logs, '--output', 'json'),
    run('status'),
    run('pipes', '--output', 'csv'),
    run('pipes', 'retry', 'public.vpc_flow_logs_flow_logs', '--output', 'json'),
    run('pipes', 'refresh', 'nothing'),
  ])
  expect(again).toMatchObject({ code: 0, err: expect.stringContaining('already; nothing was changed.') })
  expect(parseJson(again.out)).toEqual({
    sql: '',
    stage: 'MILLRACE.PUBLIC.VPC_FLOW_LOGS_FLOW_LOGS',
    pipe: 'MILLRACE.PUBLIC.VPC_FLOW_LOGS_FLOW_LOGS',
    notification_channel: null,
  })
  expect(status.out).toMatch(/^MILLRACE.PUBLIC.VPC_FLOW_LOGS_FLOW_LOGS  running +0 +0 +NULL +1  \d{4}-/m)
  expect(pipes.out).toMatch(
    /^name,state,pending_files,lag_seconds,queue_messages,parked_files,last_loaded_at,reason\nMILLRACE\.PUBLIC\.VPC_FLOW_LOGS_FLOW_LOGS,running,0,0,,1,/,
  )
  expect(retry).toMatchObject({ code: 1, err: expect.stringContaining('bad.log.gz') })
  expect(parseJson(retry.out)).toMatchObject({ files: 0, failed_files: 1, gone_files: 0 })
  expect(unknown).toMatchObject({
    code: 2,
    err: 'millrace: There is no pipe nothing. There are MILLRACE.PUBLIC.VPC_FLOW_LOGS_FLOW_LOGS.\n',
  })

  const parked = await run('pipes', 'parked', 'VPC_FLOW_LOGS_FLOW_LOGS', '--output', 'json')
  expect(parseJson(parked.out)).toMatchObject([{ file: join(logs, 'bad.log.gz'), code: 'FILE_CORRUPT' }])
  expect((await run('pipes', 'pause', 'vpc_flow_logs_flow_logs')).out).toMatch(/ paused /)
  expect(await lake.pipe('vpc_flow_logs_flow_logs').details()).toMatchObject({ state: 'paused' })
})

test('wrong usage of add is told, and leaves nothing behind', async () => {
  const role = 'arn:aws:iam::123456789012:role/r'
  const [own, queue, format] = await Promise.all([
    run('add', 'tgw-flow-logs', './flow logs', '--lake', join(directory, 'own'), '--output', 'json'),
    run('add', 'vpc-flow-logs', logs, '--queue', 'https://sqs/1/q'),
    run('add', 'tgw-flow-logs', 's3://logs/', '--role', role, '--file-format', 'type = vpc_flow_logs'),
  ])

  expect(parseJson(own.out)).toMatchObject({ sql: expect.stringContaining('TYPE = TGW_FLOW_LOGS') })
  expect(own.err).toContain('Start it with "millrace serve".')
  expect(queue).toMatchObject({ code: 2, err: expect.stringContaining('which is watched') })
  expect(format).toMatchObject({ code: 1, out: '', err: expect.stringContaining('TYPE = TGW_FLOW_LOGS') })
  expect(await lake.listStages()).toHaveLength(1)
})
