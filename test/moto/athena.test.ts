import { randomUUID } from 'node:crypto'
import { AthenaClient, GetQueryExecutionCommand, ListQueryExecutionsCommand } from '@aws-sdk/client-athena'
import {
  CreateDatabaseCommand,
  CreateTableCommand,
  DeleteTableCommand,
  GetDatabaseCommand,
  GlueClient,
} from '@aws-sdk/client-glue'
import { afterAll, expect, test } from 'vitest'
import { AthenaAccount } from '../../src/deploy/athena-account.ts'
import { type AthenaTarget, type Step, planAthena, wantedOnAthena } from '../../src/deploy/athena-plan.ts'
import type { LogSource } from '../../src/deploy/log-source.ts'
import { openAthena, runOnAthena } from '../../src/engines/athena.ts'
import { logTypes } from '../../src/log-type/registry.ts'
import { namedQueries } from '../../src/named-queries/registry.ts'
import { makeBucket, region } from './moto.ts'

const glue = new GlueClient({ region })
const athena = new AthenaClient({ region })
afterAll(() => {
  glue.destroy()
  athena.destroy()
})

const soon = { firstPauseMs: 1 }

async function deployment() {
  const bucket = await makeBucket()
  const id = randomUUID().slice(0, 8)
  const target: AthenaTarget = {
    database: `logs_${id}`,
    workGroup: `logs-${id}`,
    outputLocation: `s3://${bucket}/results/`,
    bytesLimit: 1_000_000_000,
  }
  const common = {
    accounts: ['123456789012'],
    regions: [region],
    buckets: ['site'],
    from: '2026-01-01',
    isHourly: false,
    format: 'text',
    layout: 'aws',
  } as const
  const sources = logTypes
    .filter(({ table }) => table === 'vpc_flow_logs' || table === 's3_access_logs')
    .map((type): LogSource => ({ ...common, type, url: `s3://${bucket}/${type.table}/` }))
  const wanted = await wantedOnAthena(sources, namedQueries(), target)
  const account = await AthenaAccount.open(target, region)
  return { target, wanted, account, sources }
}

/** What Athena makes of a statement; moto only notes it. */
async function obey(step: Step, { database }: AthenaTarget): Promise<void> {
  if (step.call !== 'StartQueryExecution') return
  const [, dropped] = /^DROP TABLE IF EXISTS `(\w+)`/.exec(step.sql) ?? []
  if (dropped !== undefined) await glue.send(new DeleteTableCommand({ DatabaseName: database, Name: dropped }))
  const [, made] = /^CREATE (?:EXTERNAL TABLE IF NOT EXISTS|OR REPLACE VIEW) `?(\w+)/.exec(step.sql) ?? []
  if (made !== undefined)
    await glue
      .send(new CreateTableCommand({ DatabaseName: database, TableInput: { Name: made } }))
      .catch(() => undefined)
}

async function deploy(
  { account, wanted, target }: Awaited<ReturnType<typeof deployment>>,
  most = Infinity,
): Promise<readonly Step[]> {
  const steps = planAthena(wanted, await account.read())
  for (const step of steps.slice(0, most)) {
    await account.carryOut(step, soon)
    await obey(step, target)
  }
  return steps
}

test('a deployment is made once, and again after whatever went or changed', async () => {
  const made = await deployment()
  const { account, wanted, target, sources } = made
  try {
    const steps = await deploy(made)
    expect(steps.slice(0, 2).map(({ call }) => call)).toEqual(['CreateWorkGroup', 'CreateDatabase'])
    expect(steps.filter(({ call }) => call === 'StartQueryExecution')).toHaveLength(wanted.relations.length)
    expect(steps.filter(({ call }) => call === 'CreateNamedQuery')).toHaveLength(wanted.queries.length)
    expect(wanted.queries.length).toBeGreaterThan(40)
    expect(await deploy(made)).toEqual([])

    await glue.send(new DeleteTableCommand({ DatabaseName: target.database, Name: 'vpc_flow_logs' }))
    const again = await deploy(made)
    expect(again).toHaveLength(1)
    expect(again[0]).toMatchObject({ sql: expect.stringMatching(/^CREATE OR REPLACE VIEW vpc_flow_logs AS/) })

    const [first, ...others] = wanted.queries
    const changed = {
      ...(await wantedOnAthena(
        sources.map((source) => ({ ...source, regions: ['us-east-1'] })),
        [],
        { ...target, bytesLimit: 2_000_000_000 },
      )),
      queries: first === undefined ? [] : [{ ...first, sql: `${first.sql} ` }, ...others],
    }
    const differing = planAthena(changed, await account.read())
    expect(differing.map(({ call }) => call)).toEqual([
      'UpdateWorkGroup',
      ...Array.from({ length: 4 }, () => 'StartQueryExecution'),
      'UpdateNamedQuery',
    ])
    // moto knows neither UpdateWorkGroup nor UpdateNamedQuery; test/athena/deploy.test.ts sends these.
    for (const step of differing.filter(({ call }) => call === 'StartQueryExecution')) {
      await account.carryOut(step, soon)
      await obey(step, target)
    }
    const left = planAthena(changed, await account.read()).map(({ call }) => call)
    expect(left).toEqual(['UpdateWorkGroup', 'UpdateNamedQuery'])
  } finally {
    account.close()
  }
})

test.each([1, 2, 3, 5, 9])('a deployment that ended after %i requests goes on there', async (most) => {
  const made = await deployment()
  try {
    const all = await deploy(made, most)
    expect(await deploy(made)).toHaveLength(all.length - most)
    expect(await deploy(made)).toEqual([])
  } finally {
    made.account.close()
  }
})

test('a statement runs in its database and workgroup, and is stopped there when it is cancelled', async () => {
  const made = await deployment()
  const client = await openAthena(region)
  try {
    for (const step of planAthena(made.wanted, await made.account.read()).slice(0, 2))
      await made.account.carryOut(step, soon)
    const place = { workGroup: made.target.workGroup, database: made.target.database }
    const result = await runOnAthena(client, 'select 1', place, soon)
    const { QueryExecution: execution } = await athena.send(
      new GetQueryExecutionCommand({ QueryExecutionId: result.id }),
    )
    expect(execution).toMatchObject({
      Query: 'select 1',
      WorkGroup: made.target.workGroup,
      QueryExecutionContext: { Database: made.target.database },
    })
    const { QueryExecutionIds: before } = await athena.send(
      new ListQueryExecutionsCommand({ WorkGroup: made.target.workGroup }),
    )
    await expect(runOnAthena(client, 'select 2', place, { signal: AbortSignal.abort() })).rejects.toMatchObject({
      code: 'QUERY_CANCELLED',
    })
    const { QueryExecutionIds: after } = await athena.send(
      new ListQueryExecutionsCommand({ WorkGroup: made.target.workGroup }),
    )
    expect(after).toEqual(before)
    const { Database } = await glue.send(new GetDatabaseCommand({ Name: made.target.database }))
    expect(Database?.Name).toBe(made.target.database)
  } finally {
    client.destroy()
    made.account.close()
  }
})

test('a database that is there keeps what it has, and tables of others in it are left alone', async () => {
  const made = await deployment()
  const { database } = made.target
  const Principal = { DataLakePrincipalIdentifier: 'IAM_ALLOWED_PRINCIPALS' }
  await glue.send(
    new CreateDatabaseCommand({
      DatabaseInput: {
        Name: database,
        Description: 'Of others.',
        Parameters: { owner: 'me' },
        CreateTableDefaultPermissions: [{ Principal, Permissions: ['SELECT'] }],
      },
    }),
  )
  try {
    await deploy(made)
    const { Database: there } = await glue.send(new GetDatabaseCommand({ Name: database }))
    expect(there).toMatchObject({
      Description: 'Of others.',
      Parameters: { owner: 'me' },
      CreateTableDefaultPermissions: [{ Principal, Permissions: ['SELECT'] }],
    })
    expect(await deploy(made)).toEqual([])
  } finally {
    made.account.close()
  }

  const other = await deployment()
  try {
    await other.account.carryOut({ call: 'CreateDatabase', database: other.target.database }, soon)
    const TableInput = { Name: 's3_access_logs_raw' }
    await glue.send(new CreateTableCommand({ DatabaseName: other.target.database, TableInput }))
    await expect(deploy(other)).rejects.toMatchObject({
      code: 'USAGE',
      message: expect.stringContaining('s3_access_logs_raw is there'),
    })
  } finally {
    other.account.close()
  }
})
