import { afterEach, beforeEach, expect, test } from 'vitest'
import { type Accounts, openCallers } from '../../src/aws-setup/account.ts'
import { isDone, obstaclesOf } from '../../src/aws-setup/plan.ts'
import { quickSightAssets } from '../../src/quicksight/assets.ts'
import type { Deployment } from '../../src/quicksight/deployment.ts'
import { region } from './moto.ts'
import { type Proxy, openProxy } from './setup/proxy.ts'
import { type Course, anyAccount, courseIn, differencesOf, statesOf } from './setup/world.ts'
import { usual } from '../quicksight/usual-deployment.ts'

// What moto lacks of QuickSight is in setup/quicksight-gaps.ts.

let proxy: Proxy
let accountId: string
const opened: Accounts[] = []
beforeEach(async () => {
  proxy = await openProxy(process.env['AWS_ENDPOINT_URL'] ?? '')
  accountId = anyAccount()
})
afterEach(async () => {
  for (const one of opened.splice(0)) await one.close()
  await proxy.close()
})

async function deployment(change: Partial<Deployment> = {}): Promise<Course> {
  const environment = { ...process.env, AWS_ENDPOINT_URL: proxy.url }
  const identities = [{ roleArn: `arn:aws:iam::${accountId}:role/admin` }]
  const accounts = await openCallers({ environment, identities, region }, async (callers) =>
    callers.map((caller) => ({ ...caller, resources: quickSightAssets(caller.place, { ...usual, ...change }) })),
  )
  opened.push(accounts)
  const [account] = accounts.accounts
  if (account === undefined) throw new Error('There is no account.')
  return courseIn(account)
}

const changes = [
  { what: 'making it', before: undefined, after: {} },
  { what: 'another relation', before: {}, after: { relation: 'flows_of_today', importMode: 'SPICE' } },
  { what: 'another owner', before: {}, after: { owner: 'Admin/joe' } },
  { what: 'another workgroup', before: {}, after: { workgroup: 'primary' } },
] as const

test('what is missing is made as it was shown, and then there is nothing to do', async () => {
  const course = await deployment()
  const plan = await course.plan()
  expect(statesOf(plan)).toEqual(['data source: missing', 'data set: missing', 'dashboard: missing'])
  expect(proxy.changes).toEqual([])
  const shown = plan.resources.flatMap(({ steps }) => steps)
  expect(await course.apply(plan)).toEqual({ done: shown, left: [], failure: undefined })
  expect(proxy.changes).toEqual([
    `POST /accounts/${accountId}/data-sources`,
    `POST /accounts/${accountId}/data-sets`,
    `POST /accounts/${accountId}/dashboards/millrace-dashboard`,
  ])
  const again = await course.plan()
  expect(isDone(again)).toBe(true)
  expect(await course.apply(again)).toEqual({ done: [], left: [], failure: undefined })
  expect(proxy.changes).toHaveLength(3)
})

test.each(changes)('it goes on after a failure at every step: $what', async ({ before, after }) => {
  if (before !== undefined) await (await deployment(before)).apply()
  const course = await deployment(after)
  const all = (await course.plan()).resources.flatMap(({ steps }) => steps)
  expect(all.length).toBeGreaterThan(2)
  for (const fault of ['before', 'after'] as const)
    for (const [at] of all.entries()) {
      proxy.fail((change) => (change === at ? fault : undefined))
      const shown = (await course.plan()).resources.flatMap(({ steps }) => steps)
      const broken = await course.apply()
      // Earlier rounds may have left less to do.
      if (at >= shown.length) expect(broken.failure).toBeUndefined()
      else expect(broken).toMatchObject({ done: shown.slice(0, at), left: shown.slice(at) })
    }
  proxy.fail(() => undefined)
  expect((await course.apply()).failure).toBeUndefined()
  expect(isDone(await course.plan())).toBe(true)
})

test.each(changes)('answers that are lost are no failures: $what', async ({ before, after }) => {
  if (before !== undefined) await (await deployment(before)).apply()
  const course = await deployment(after)
  const plan = await course.plan()
  const shown = plan.resources.flatMap(({ steps }) => steps)
  proxy.fail((change) => (change % 2 === 0 ? 'cut' : undefined))
  expect(await course.apply(plan)).toEqual({ done: shown, left: [], failure: undefined })
  expect(proxy.changes).toHaveLength(2 * shown.length)
  expect(isDone(await course.plan())).toBe(true)
})

test('a changed setting changes what it is about', async () => {
  await (await deployment()).apply()
  const sql = await deployment({ relation: 'flows_of_today' })
  expect(differencesOf(await sql.plan())).toEqual({ 'data set': ['its statement is another'] })
  expect((await sql.apply()).failure).toBeUndefined()
  const asker = await deployment({ relation: 'flows_of_today', workgroup: 'primary' })
  expect(differencesOf(await asker.plan())).toEqual({ 'data source': ['its workgroup is millrace, not primary'] })
  expect((await asker.apply()).failure).toBeUndefined()
  const owned = await deployment({ relation: 'flows_of_today', workgroup: 'primary', owner: 'Admin/joe' })
  const others = ['it was made for other settings']
  expect(differencesOf(await owned.plan())).toEqual({ 'data source': others, 'data set': others, dashboard: others })
  expect((await owned.apply()).failure).toBeUndefined()
  expect(isDone(await owned.plan())).toBe(true)
})

test('what was changed by hand is put right', async () => {
  const course = await deployment()
  await course.apply()
  const quicksight = await course.account.clients.quicksight()
  await quicksight.updateDataSource({
    AwsAccountId: accountId,
    DataSourceId: 'millrace-datasource',
    Name: 'millrace on Athena',
    DataSourceParameters: { AthenaParameters: { WorkGroup: 'primary' } },
  })
  expect(differencesOf(await course.plan())).toEqual({ 'data source': ['its workgroup is primary, not millrace'] })
  expect((await course.apply()).failure).toBeUndefined()
  expect(isDone(await course.plan())).toBe(true)
})

test('what others have made stands in the way, and stays', async () => {
  const course = await deployment()
  const quicksight = await course.account.clients.quicksight()
  const theirs = {
    AwsAccountId: accountId,
    DataSourceId: 'millrace-datasource',
    Name: 'theirs',
    Type: 'ATHENA' as const,
  }
  await quicksight.createDataSource(theirs)
  expect(obstaclesOf(await course.plan())).toEqual([expect.stringContaining('Choose another --name.')])
  expect((await course.destroy()).done).toEqual([])
  const { DataSource } = await quicksight.describeDataSource({
    AwsAccountId: accountId,
    DataSourceId: theirs.DataSourceId,
  })
  expect(DataSource?.Name).toBe('theirs')
})

test('what was made is taken away, whatever breaks or is lost on the way', async () => {
  const course = await deployment()
  const takeAway = async (fault?: 'before' | 'after' | 'cut'): Promise<void> => {
    proxy.fail(() => undefined)
    await course.apply()
    const steps = (await course.removal()).resources.flatMap((one) => one.steps)
    expect(steps.map(({ call }) => call.operation)).toEqual([
      'quicksight:DeleteDashboard',
      'quicksight:DeleteDataSet',
      'quicksight:DeleteDataSource',
    ])
    if (fault === 'before' || fault === 'after')
      for (const [at] of steps.entries()) {
        proxy.fail((change) => (change === 0 ? fault : undefined))
        expect(await course.destroy()).toMatchObject({ done: [], left: steps.slice(fault === 'after' ? at : 0) })
      }
    proxy.fail((change) => (fault === 'cut' && change % 2 === 0 ? 'cut' : undefined))
    expect(await course.destroy()).toMatchObject({ left: [], failure: undefined })
    expect((await course.destroy()).done).toEqual([])
  }
  await takeAway()
  await takeAway('before')
  await takeAway('after')
  await takeAway('cut')
})
