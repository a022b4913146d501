import { chmodSync, existsSync, readdirSync, symlinkSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { temporaryFolder } from '../loading/lakes.ts'
import { failureOf, lastRows, ran } from './running.ts'
import { lakeOfFile } from './staged.ts'
import { openTestLake } from '../loading/template.ts'

const { lake, staged } = lakeOfFile()
const json = 'type = json'

test('what was loaded whole is deleted, and nothing else', async () => {
  const { folder, stage, copied, copy } = await staged('record variant')
  stage('old.json', '{"a": 0}')
  await copied(json)
  stage('a.json', '{"a": 1}')
  stage('empty.json', '')
  stage('partly.json', '{"a": 2}\nbad')
  stage('other.txt', '{"a": 3}')
  const elsewhere = join(temporaryFolder(), 'linked.json')
  writeFileSync(elsewhere, '{"a": 4}')
  symlinkSync(elsewhere, join(folder, 'link.json'))

  expect((await failureOf(lake(), copy(json, 'purge = true'))).code).toBe('LINE_REJECTED')
  expect(readdirSync(folder)).toHaveLength(6)
  await copied(json, "purge = true on_error = continue pattern = '.*json'")

  expect(readdirSync(folder).toSorted()).toEqual(['link.json', 'old.json', 'other.txt', 'partly.json'])
  expect(existsSync(elsewhere)).toBe(true)
})

test('a trial deletes nothing; a folder that takes no deletion is no error', async () => {
  const { folder, stage, copied, rows } = await staged('record variant')
  stage('a.json', '{"a": 1}')
  await copied(json, 'purge = true validation_mode = return_errors')
  expect(readdirSync(folder)).toEqual(['a.json'])

  chmodSync(folder, 0o500)
  await copied(json, 'purge = true')
  chmodSync(folder, 0o700)
  expect(await rows('record.a')).toEqual([{ a: 1 }])
})

test('a table in LOGS purges as well', async () => {
  const { folder, stage, table } = await staged('a int')
  stage('a.log', 'version account-id interface-id srcaddr\n2 123456789012 eni-1 10.0.0.1\n')
  const [row] = await lastRows(
    lake(),
    `copy into logs.vpc_flow_logs from @s_${table} file_format = (type = vpc_flow_logs) purge = true`,
  )

  expect(row).toMatchObject({ status: 'LOADED' })
  expect(readdirSync(folder)).toEqual([])
})

test('a file that changes after it was loaded stays', async () => {
  const folder = temporaryFolder()
  writeFileSync(join(folder, 'a.json'), '{"a": 1}')
  writeFileSync(join(folder, 'b.json'), '{"a": 2}')
  const own = await openTestLake(join(temporaryFolder(), 'lake'), {
    threads: 2,
    onPoint: (point) => {
      if (point === 'load:after-commit') writeFileSync(join(folder, 'a.json'), '{"a": 1, "more": 1}')
    },
  })
  await ran(own, `create stage s url = 'file://${folder}/'; create table t (record variant)`)
  await ran(own, 'copy into t from @s file_format = (type = json) purge = true on_error = continue')
  await own.close()

  expect(readdirSync(folder)).toEqual(['a.json'])
})
