import { expect, test } from 'vitest'
import { folderOf, openedLake, writeFiles } from '../loading/lakes.ts'
import { failureOf, lastRows, ran } from '../run/running.ts'

const line = (bytes: number): string =>
  `2 123456789012 eni-1 10.0.0.1 10.0.0.2 443 5000 6 1 ${bytes} 1700000000 1700000060 ACCEPT OK\n`

test('a stream of a built-in table tells of what loads bring', async () => {
  const lake = await openedLake()
  const folder = folderOf({ 'a.log': line(1) + line(2) })
  await ran(lake, 'create table sums (total bigint)')
  await lake.load(folder, { type: 'vpc-flow-logs' })
  await ran(
    lake,
    `create stream flows on table logs.vpc_flow_logs append_only = true;
    create stream all_flows on table logs.vpc_flow_logs append_only = true show_initial_rows = true`,
  )
  // Columns that are stored for the first time, behind the making of the streams.
  writeFiles(folder, {
    'b.log': `version account-id bytes start end action log-status vpc-id\n2 123456789012 40 1700000000 1700000060 REJECT OK vpc-7\n`,
  })
  await lake.load(folder, { type: 'vpc-flow-logs' })
  expect(await lastRows(lake, 'select bytes, action, vpc_id, metadata$action as a from flows')).toEqual([
    { bytes: 40, action: 'REJECT', vpc_id: 'vpc-7', a: 'INSERT' },
  ])
  expect(await lastRows(lake, 'select count(*) as n, count(distinct metadata$row_id) as ids from all_flows')).toEqual([
    { n: 3, ids: 3 },
  ])
  const results = await ran(
    lake,
    `insert into sums select sum(bytes) from flows; insert into sums select sum(bytes) from all_flows;
    select system$stream_has_data('flows') as f, system$stream_has_data('all_flows') as a; select total from sums order by total`,
  )
  expect(results.at(-2)?.rows).toEqual([{ f: false, a: false }])
  expect(results.at(-1)?.rows).toEqual([{ total: 40 }, { total: 43 }])
  expect(await lastRows(lake, 'select count(*) as n from all_flows')).toEqual([{ n: 0 }])
  expect((await failureOf(lake, 'create stream x on table logs.vpc_flow_logs')).message).toContain('APPEND_ONLY = TRUE')
})
