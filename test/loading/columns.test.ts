import { join } from 'node:path'
import { expect, test } from 'vitest'
import type { Lake } from '../../src/index.ts'
import { folderOf, openedLake, rowsOf, temporaryFolder, valuesOf } from './lakes.ts'
import { flowFile } from './lines.ts'

const late = 'srcaddr dstaddr bytes vpc-id flow-direction colour\n10.0.0.1 10.0.0.2 7 vpc-1 ingress red\n'
const storedColumns = `
  select column_name from duckdb_columns()
  where schema_name = 'lake' and table_name = 'vpc_flow_logs' and column_name in ('srcaddr', 'vpc_id', 'flow_direction', 'extra', 'subnet_id')
  order by 1`

function lateRows(lake: Lake): Promise<unknown> {
  return rowsOf(
    lake,
    'select count(*)::integer as rows, vpc_id, flow_direction, subnet_id, extra from vpc_flow_logs group by all order by rows',
  )
}

const bothRows = [
  { rows: 1, vpc_id: 'vpc-1', flow_direction: 'ingress', subnet_id: null, extra: { colour: 'red' } },
  { rows: 3, vpc_id: null, flow_direction: null, subnet_id: null, extra: null },
]

test('a column is stored from the first row on that has a value in it, and is NULL in views before', async () => {
  const lake = await openedLake()
  expect(await rowsOf(lake, 'select vpc_id, bytes, extra, path_region from vpc_flow_logs')).toEqual([])

  await lake.load(folderOf({ 'a.log': flowFile(3) }))
  expect(await valuesOf(lake, storedColumns)).toEqual(['srcaddr'])
  await lake.load(folderOf({ 'b.log': late }))

  expect(await valuesOf(lake, storedColumns)).toEqual(['extra', 'flow_direction', 'srcaddr', 'vpc_id'])
  expect(await lateRows(lake)).toEqual(bothRows)
})

test('columns may come in the middle of a transaction, after rows without them', async () => {
  const rows = 1_100_000
  const lake = await openedLake()
  // More rows than one spool file holds: the first are stored before the last file is read.
  const folder = folderOf({ 'a.log': flowFile(rows), 'z.log': late })

  await lake.load(folder)

  expect(await lateRows(lake)).toEqual([bothRows[0], { ...bothRows[1], rows }])
})

test('columns of a load that is given up are not kept', async () => {
  const directory = join(temporaryFolder(), 'lake')
  const lake = await openedLake({ directory })
  await lake.load(folderOf({ 'a.log': flowFile(3) }))

  const given = lake.load(folderOf({ 'b.log': `${late}not a record\n` }), { onError: 'abort' })
  await expect(given).rejects.toMatchObject({ code: 'LINE_REJECTED' })

  expect(await valuesOf(lake, storedColumns)).toEqual(['srcaddr'])
  await lake.load(folderOf({ 'c.log': late }))
  expect(await lateRows(lake)).toEqual(bothRows)
})
