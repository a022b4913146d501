import { afterEach, beforeEach, expect, test } from 'vitest'
import { AthenaAccount } from '../../src/deploy/athena-account.ts'
import { planAthena, wantedOnAthena } from '../../src/deploy/athena-plan.ts'
import type { LogSource } from '../../src/deploy/log-source.ts'
import { computedPartitions, rawTable } from '../../src/deploy/log-source.ts'
import { logTypes } from '../../src/log-type/registry.ts'
import { namedQueries } from '../../src/named-queries/registry.ts'
import { printExternalTable } from '../../src/sql/statement/external-files.ts'
import { parseStatement } from '../../src/sql/script.ts'
import type { TestServer } from '../aws/servers.ts'
import { AthenaServer } from './athena-server.ts'

const target = { database: 'logs', workGroup: 'w', outputLocation: 's3://r/', bytesLimit: 10_000_000 }

const sources = logTypes
  .filter(({ table }) => /^(vpc_flow|s3_access|web_access)_logs$/.test(table))
  .flatMap((type) =>
    (type.table === 'web_access_logs' ? (['flat'] as const) : (['flat', 'aws', 'hive'] as const)).flatMap((layout) =>
      (['text', 'parquet'] as const).map((format): LogSource => ({
        type,
        url: 's3://logs/p/',
        format,
        layout,
        isHourly: true,
        accounts: ['123456789012'],
        regions: ['eu-west-1'],
        buckets: ['site'],
        from: '2026-01-01',
      })),
    ),
  )

test.each(sources.map((source) => [`${source.type.table} ${source.layout} ${source.format}`, source] as const))(
  'the raw table over %s is one that Millrace reads itself',
  (_, source) => {
    const table = rawTable(source)
    const read = parseStatement(printExternalTable(table), { dialect: 'athena' })
    expect(read).toEqual({ kind: 'create-table', orReplace: false, lifetime: 'permanent', ...table })
  },
)

test('the years of folders have an end that stays for years, and moves on long before it comes', async () => {
  const source = sources.find(({ layout, type }) => layout === 'hive' && type.table === 'vpc_flow_logs')
  if (source === undefined) throw new Error('There is no such source.')
  const made = async (day: string) => (await wantedOnAthena([source], [], target, new Date(day))).relations[0]?.sql
  expect(await made('2026-01-01')).toContain("'projection.year.range' = '2026,2039'")
  expect(await made('2034-12-31')).toBe(await made('2026-01-01'))
  expect(await made('2035-01-01')).toContain("'projection.year.range' = '2026,2049'")
  expect(computedPartitions(source, new Date('2026-01-01'))).toBe(14 * 12 * 31 * 24)
  const days = { ...source, layout: 'aws', accounts: ['1', '2'] } as const
  expect(computedPartitions(days, new Date('2026-01-10T12:00:00Z'))).toBe(2 * 10 * 24)
  expect(computedPartitions({ ...days, isRegistered: true }, new Date('2026-01-10'))).toBe(0)
})

let athena: AthenaServer
let server: TestServer

beforeEach(async () => {
  const started = await AthenaServer.start(() => ({
    columns: [],
    rows: [],
    scanned: 0,
    statementType: 'DDL',
    asked: 0,
  }))
  athena = started.athena
  server = started.server
  Object.assign(process.env, {
    AWS_ENDPOINT_URL: server.url,
    AWS_ACCESS_KEY_ID: 'test',
    AWS_SECRET_ACCESS_KEY: 'test',
  })
})

afterEach(() => server.close())

test('what differs is sent, and no more', async () => {
  const [source] = sources
  const wanted = await wantedOnAthena(source === undefined ? [] : [source], namedQueries(), target)
  const [first] = wanted.queries
  const queries = wanted.queries.map((query, index) => ({ ...query, id: `id-${index}` }))
  const whole = {
    workGroup: { outputLocation: 's3://r/', bytesLimit: 10_000_000, isEnforced: true },
    database: {},
    relations: new Set<string>(),
    queries,
  }
  expect(planAthena({ ...wanted, relations: [] }, whole)).toEqual([])

  const found = {
    ...whole,
    workGroup: { ...whole.workGroup, isEnforced: false },
    queries: queries.map((query) =>
      query.name === first?.name ? { ...query, description: 'changed by hand' } : query,
    ),
  }
  const steps = planAthena({ ...wanted, relations: [] }, found)
  const account = await AthenaAccount.open(target, 'eu-west-1')
  for (const step of steps) await account.carryOut(step, { firstPauseMs: 1 })
  account.close()

  expect(athena.requests.map(({ call }) => call)).toEqual(['UpdateWorkGroup', 'UpdateNamedQuery'])
  expect(athena.sent('UpdateWorkGroup')[0]).toEqual({
    WorkGroup: 'w',
    ConfigurationUpdates: {
      EnforceWorkGroupConfiguration: true,
      BytesScannedCutoffPerQuery: 10_000_000,
      PublishCloudWatchMetricsEnabled: true,
      ResultConfigurationUpdates: { OutputLocation: 's3://r/' },
      EngineVersion: { SelectedEngineVersion: 'Athena engine version 3' },
    },
  })
  expect(athena.sent('UpdateNamedQuery')[0]).toEqual({
    NamedQueryId: 'id-0',
    Name: first?.name,
    Description: first?.description,
    QueryString: first?.sql,
  })
})

test('partitions that are registered are those that are not there yet', async () => {
  for (const source of sources.filter(({ layout, format }) => layout !== 'flat' && format === 'text')) {
    const registered = { ...source, isRegistered: true, isHourly: false, from: '2026-11-20' }
    const wanted = await wantedOnAthena([registered], [], target, new Date('2026-11-22T12:00:00Z'))
    const [table] = wanted.relations
    const empty = { workGroup: undefined, database: undefined, relations: new Set<string>(), queries: [] }
    const added = planAthena(wanted, empty).flatMap((step) =>
      step.call === 'StartQueryExecution' && step.sql.startsWith('ALTER TABLE') ? [step.sql] : [],
    )
    expect(added).toHaveLength(1)
    const read = parseStatement(added[0] ?? '', { dialect: 'athena' })
    expect(read.kind === 'add-partitions' ? read.partitions.map(({ location }) => location) : []).toEqual(
      table?.partitions?.map(({ location }) => location),
    )
    expect(table?.partitions).toHaveLength(3)
    expect(table?.partitions?.at(-1)?.location).toMatch(/\/(2026\/11\/22|year=2026\/month=11\/day=22)\/$/)
    expect(table?.sql).not.toContain('projection')

    const [first, second] = table?.partitions ?? []
    const later = planAthena(wanted, {
      ...empty,
      database: Object.assign({}, ...planAthena(wanted, empty).map((step) => ('marks' in step ? step.marks : {}))),
      relations: new Set(wanted.relations.map(({ name }) => name)),
      partitions: new Map([[table?.name ?? '', new Set([first, second].map((one) => JSON.stringify(one?.values)))]]),
    })
    expect(later.map(({ call }) => call)).toEqual(['CreateWorkGroup', 'StartQueryExecution'])
    expect(later[1]).toMatchObject({ sql: expect.stringContaining(table?.partitions?.[2]?.location ?? '-') })
  }
})

test('what somebody else made is neither dropped nor replaced', async () => {
  const [source] = sources
  const wanted = await wantedOnAthena(source === undefined ? [] : [source], [], target)
  for (const { name } of wanted.relations) {
    const found = { workGroup: undefined, relations: new Set([name, 'other']), queries: [] }
    expect(() => planAthena(wanted, { ...found, database: { owner: 'me' } })).toThrow(
      expect.objectContaining({ code: 'USAGE', message: expect.stringContaining(`logs.${name} is there`) }),
    )
    // What was begun and not done is noted.
    const begun = { ...found, database: { [`millrace.${name}`]: '' } }
    expect(planAthena(wanted, begun).some((step) => 'sql' in step && step.sql.includes(name))).toBe(true)
  }
})
