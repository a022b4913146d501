import { mkdir, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { printDashboard } from '../../src/dashboard/yaml.ts'
import { AthenaServer, type Outcome } from '../athena/athena-server.ts'
import { openWorld, type World } from '../pipes/world.ts'
import type { TestServer } from '../aws/servers.ts'
import { axeFaults } from './axe.ts'
import { hasBrowser, openStage, type Stage } from './journey.ts'
import { cell, run, write } from './worksheet-page.ts'

const services = ['AWS_ENDPOINT_URL_ATHENA', 'AWS_ENDPOINT_URL_GLUE'] as const

const plan = {
  inputTableColumnInfos: [{ table: { catalog: 'awsdatacatalog', schemaTable: { schema: 'logs', table: 'whole' } } }],
}

function outcomeOf(sql: string): Outcome {
  const base = { scanned: 3_400_000_000, statementType: 'DML' as const, asked: sql.includes('endless') ? Infinity : 0 }
  if (sql.startsWith('EXPLAIN'))
    return { ...base, columns: [{ Name: 'Query Plan', Type: 'varchar' }], rows: [[JSON.stringify(plan)]] }
  const columns = [
    { Name: 'action', Type: 'varchar' },
    { Name: 'bytes', Type: 'bigint' },
  ]
  return {
    ...base,
    columns,
    rows: [
      ['ACCEPT', '700'],
      ['REJECT', '8'],
    ],
  }
}

describe.runIf(hasBrowser)('worksheets on Athena', { timeout: 120_000 }, () => {
  let world: World
  let athena: AthenaServer
  let aws: TestServer
  let stage: Stage

  beforeAll(async () => {
    world = await openWorld()
    await world.put('whole/a.log', 'x'.repeat(60_000))
    const whole = { Name: 'whole', StorageDescriptor: { Location: `s3://${world.bucket}/whole` }, Parameters: {} }
    const started = await AthenaServer.start(outcomeOf, { whole })
    athena = started.athena
    aws = started.server
    for (const name of services) process.env[name] = aws.url
    const settings = { athena: { database: 'logs', workgroup: 'people', region: 'eu-west-1' } }
    await writeFile(join(world.lake.directory, 'settings.json'), JSON.stringify(settings))
    stage = await openStage(world.lake)
  })

  afterAll(async () => {
    for (const name of services) delete process.env[name]
    await stage.close()
    await aws.close()
    await world.close()
  })

  test('a statement is estimated, run and paid for; the engine is saved with the worksheet', async () => {
    const { page, faults } = await stage.open('/worksheets')
    await write(page, 'select action, sum(bytes) as bytes from vpc_flow_logs group by action')
    await expect.poll(() => page.getByRole('button', { name: 'Estimate' }).count()).toBe(0)
    await page.getByLabel('Run on').selectOption('athena')
    await page.getByLabel('Dialect').selectOption('athena')

    await page.getByRole('button', { name: 'Estimate' }).click()
    await page.getByText('It would read 60 KB (60,000) in 1 object at most, for 0.000048 (at 5 a TiB).').waitFor()
    expect(athena.sent('StartQueryExecution')).toHaveLength(1)

    await run(page)
    await page.getByText('Athena scanned 3.4 GB (3,400,000,000), for 0.015464 (at 5 a TiB).').waitFor()
    expect([await cell(page, 0, 0), await cell(page, 1, 1)]).toEqual(['ACCEPT', '8'])
    expect(await page.getByText('It would read').count()).toBe(0)

    await page.getByRole('button', { name: 'Save', exact: true }).click()
    await page.getByLabel('Name of the worksheet').fill('On Athena')
    await page.getByRole('dialog').getByRole('button', { name: 'Save' }).click()
    await page.getByText('Saved', { exact: true }).waitFor()
    await page.reload()
    await page.getByRole('button', { name: 'Estimate' }).waitFor()
    expect(await page.getByLabel('Run on').inputValue()).toBe('athena')
    expect(await axeFaults(page)).toEqual([])
    expect(faults).toEqual([])
  })

  test("a dashboard's tiles run there, and are asked once", async () => {
    const at = { x: 0, y: 0, w: 6, h: 7 }
    const sql = 'select action, sum(bytes) as bytes from vpc_flow_logs group by action'
    const tile = { id: 'tile', title: 'By action', sql, chart: { type: 'table' as const }, at }
    await mkdir(join(world.lake.directory, 'dashboards'), { recursive: true })
    const dashboard = printDashboard({ title: 'There', engine: 'athena', tiles: [tile] })
    await writeFile(join(world.lake.directory, 'dashboards', 'there.yaml'), dashboard)
    const before = athena.sent('StartQueryExecution').length

    const { page, faults } = await stage.open('/dashboards/there')
    await page.getByText('ACCEPT').waitFor()

    const asked = athena.sent('StartQueryExecution').slice(before)
    expect(asked.map(({ QueryString }) => QueryString)).toEqual([
      expect.stringMatching(/^with "vpc_flow_logs" as \(.* timestamp '[\d-]+ \d\d:00:00'\)\s+SELECT action,/),
    ])
    expect(faults).toEqual([])
  })

  test('Cancel stops the query on Athena', async () => {
    const { page } = await stage.open('/worksheets')
    await page.getByLabel('Run on').selectOption('athena')
    await write(page, "select 'endless'")
    const before = athena.sent('GetQueryExecution').length
    await run(page)
    await expect.poll(() => athena.sent('GetQueryExecution').length).toBeGreaterThan(before)
    await page.getByRole('button', { name: 'Cancel' }).click()
    await page.getByText(/^Cancelled after/).waitFor()
    await expect.poll(() => athena.sent('StopQueryExecution')).toHaveLength(1)
  })
})
