import { readFileSync, existsSync } from 'node:fs'
import { readFile, readdir } from 'node:fs/promises'
import { join, resolve } from 'node:path'
import { gunzipSync, gzipSync } from 'node:zlib'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { type GroundTruth, generate } from '../../src/generate/generate.ts'
import { type World, openWorld } from '../pipes/world.ts'
import { lastRows, ran } from '../run/running.ts'

const published = resolve('../shared/quickstarts/vpc-flow-athena.sql')
const account = '123456789012'
const region = 'eu-west-1'

let world: World

beforeEach(async () => {
  world = await openWorld()
})

afterEach(() => world.close())

interface Generated {
  readonly truth: GroundTruth
  /** Fields of all records, by the file's path. */
  readonly records: ReadonlyMap<string, readonly (readonly string[])[]>
}

/** A day of flow logs as AWS writes them, in the folder and in the bucket. */
async function generateDay(folder: string, day: string): Promise<Generated> {
  const end = Date.parse(`${day}T23:00:00Z`) / 1000
  const truth = await generate(folder, {
    type: 'vpc-flow-logs',
    rows: 1000,
    files: 4,
    seed: 20,
    end,
    days: 0.5,
    layout: 'aws',
    accounts: [account],
    regions: [region],
  })
  const records = new Map<string, (readonly string[])[]>()
  for (const path of await readdir(folder, { recursive: true })) {
    if (!path.endsWith('.gz')) continue
    const bytes = await readFile(join(folder, path))
    await world.put(path, bytes)
    const [, ...lines] = gunzipSync(bytes).toString().trimEnd().split('\n')
    records.set(
      path,
      lines.map((line) => line.split(' ')),
    )
  }
  return { truth, records }
}

/** What the published query asks for, from the lines. */
function talkers(records: Iterable<readonly string[]>): Map<string, number> {
  const sums = new Map<string, number>()
  for (const [, , , source = '', , , , , , bytes = '', , , action] of records)
    if (action === 'ACCEPT') sums.set(source, (sums.get(source) ?? 0) + Number(bytes))
  return new Map([...sums].toSorted(([, a], [, b]) => b - a).slice(0, 10))
}

function sumsOf(rows: readonly Readonly<Record<string, unknown>>[]): Map<string, number> {
  return new Map(rows.map((row) => [String(row['sourceaddress']), Number(row['total_bytes'])]))
}

describe.runIf(existsSync(published))('the published Athena script', () => {
  const script = existsSync(published) ? readFileSync(published, 'utf8') : ''
  const query = script.slice(script.indexOf('SELECT'))

  test.each(['s3', 'file'] as const)('runs as it stands, over %s, and sees files that come later', async (scheme) => {
    const folder = join(world.directory, '..', 'day')
    const { truth, records } = await generateDay(folder, '2019-05-01')
    const values = { BUCKET_NAME: world.bucket, AWS_ACCOUNT_NUMBER: account, AWS_REGION: region }
    const options = { dialect: 'athena', values } as const
    const text = scheme === 's3' ? script : script.replaceAll('s3://<BUCKET_NAME>', `file://${folder}`)

    const results = await ran(world.lake, text, options)

    expect(sumsOf(results.at(-1)?.rows ?? [])).toEqual(talkers([...records.values()].flat()))
    const [all] = await lastRows(
      world.lake,
      `select count(*) as n, count_if(action = 'ACCEPT') as accept, count_if(action = 'REJECT') as reject, sum(numbytes) as bytes, count_if(logstatus <> 'OK' and action = '-' and numbytes is null and srcport_is_null) as nodata
       from (select *, sourceport is null as srcport_is_null from vpc_flow_logs) where dt = '2019-05-01'`,
      options,
    )
    const { totals } = truth
    expect(all).toEqual({
      n: truth.rows,
      accept: 'accept' in totals ? totals.accept : -1,
      reject: 'reject' in totals ? totals.reject : -1,
      bytes: 'bytes' in totals && totals.type === 'vpc-flow-logs' ? totals.bytes : -1,
      nodata: totals.type === 'vpc-flow-logs' ? totals.nodata + totals.skipdata : -1,
    })

    if (scheme === 'file') return
    const header =
      'version account-id interface-id srcaddr dstaddr srcport dstport protocol packets bytes start end action log-status'
    const late = `2 ${account} eni-1 192.0.2.77 10.0.0.1 1 2 6 1 99999999999999 1 2 ACCEPT OK`
    await world.put(`AWSLogs/${account}/vpcflowlogs/${region}/2019/05/01/late.log.gz`, gzipSync(`${header}\n${late}\n`))
    const [first] = await lastRows(world.lake, query, options)
    expect(first).toEqual({ sourceaddress: '192.0.2.77', total_bytes: 99_999_999_999_999 })
    expect(await lastRows(world.lake, 'select count(*) as n from vpc_flow_logs', options)).toEqual([
      { n: truth.rows + 1 },
    ])
  })
})
