import { expect, test } from 'vitest'
import { DuckDBInstance } from '@duckdb/node-api'
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Lake } from '../../src/index.ts'
import { flowLog } from '../pipes/world.ts'
import { closeLake, openedLake, temporaryFolder, valuesOf } from '../loading/lakes.ts'
import { cellOf, failureOf, lastRows, namesOf, ran, statusOf } from './running.ts'

const engineSchemas = (lake: Lake): Promise<unknown[]> =>
  valuesOf(lake, "select schema_name from duckdb_schemas() where contains(schema_name, '.') order by 1")

test('a database and a schema are schemas of the engine', async () => {
  const lake = await openedLake()
  await ran(lake, `create database Log_Analysis; create schema "Raw"; create schema millrace.other comment = 'o'`)

  expect(await engineSchemas(lake)).toEqual(['log_analysis.public', 'log_analysis.raw', 'millrace.other'])
  expect(await namesOf(lake, 'show databases')).toEqual(['LOG_ANALYSIS', 'MILLRACE'])
  expect(await namesOf(lake, 'show schemas in log_analysis')).toEqual(['PUBLIC', 'Raw'])
  expect(await namesOf(lake, 'show schemas')).toEqual(['OTHER', 'PUBLIC'])
  expect(await namesOf(lake, 'desc database log_analysis')).toEqual(['PUBLIC', 'Raw'])
  expect((await failureOf(lake, 'create schema log_analysis.raw')).message).toContain('one schema of the engine')
  expect((await failureOf(lake, 'create database "log_analysis"')).message).toContain('one schema of the engine')
  expect((await failureOf(lake, 'create schema nowhere.s')).message).toContain('DATABASE NOWHERE does not exist')
  expect(await engineSchemas(lake)).toEqual(['log_analysis.public', 'log_analysis.raw', 'millrace.other'])
})

test('what is made is in use, and USE changes it', async () => {
  const lake = await openedLake()
  const current = 'show schemas in account'
  const inUse = async (script: string): Promise<string[]> =>
    (await lastRows(lake, `${script}; ${current}`))
      .filter((row) => row['is_current'] === 'Y')
      .map((row) => `${cellOf(row, 'database_name')}.${cellOf(row, 'name')}`)

  expect(await inUse('select 1')).toEqual(['MILLRACE.PUBLIC'])
  expect(await inUse('create database d')).toEqual(['D.PUBLIC'])
  expect(await inUse('create schema d.s')).toEqual(['D.S'])
  expect(await inUse('use d')).toEqual(['D.PUBLIC'])
  expect(await inUse('use d.s')).toEqual(['D.S'])
  expect(await inUse('use database d; use schema s')).toEqual(['D.S'])
  expect(await inUse('use d.s; alter schema d.s rename to t')).toEqual(['D.T'])
  expect(await inUse('use d.t; alter database d rename to e')).toEqual(['E.T'])
  expect(await inUse('use e.t; drop schema e.t')).toEqual([])
  expect(await failureOf(lake, "use e; drop database e;\n\ncreate stage s url = 's3://b/'")).toMatchObject({
    message: expect.stringContaining('line 3: there is no current database'),
  })
  expect((await failureOf(lake, 'use database e')).message).toContain('DATABASE E does not exist')
})

test('DROP and OR REPLACE take what is within along', async () => {
  const lake = await openedLake()
  const made = `create database d; create schema s; create stage st url = 's3://b/'; create file format ff type = json`
  await ran(lake, made)
  expect((await failureOf(lake, 'drop schema d.s restrict')).message).toContain('SCHEMA D.S holds')

  await ran(lake, 'create or replace schema d.s')
  expect(await namesOf(lake, 'show stages in account')).toEqual([])
  await ran(lake, "create stage d.s.st url = 's3://b/'; create or replace database d")
  expect(await engineSchemas(lake)).toEqual(['d.public'])
  expect(await namesOf(lake, 'show stages in account')).toEqual([])
  expect(await statusOf(lake, 'drop database d cascade')).toBe('D successfully dropped.')
  expect(await engineSchemas(lake)).toEqual([])
})

test('what every lake has stays as it is', async () => {
  const lake = await openedLake()
  for (const sql of [
    'drop database millrace',
    'drop database millrace cascade',
    'create or replace database millrace',
    'alter database millrace rename to other',
    'drop schema public',
    'create or replace schema millrace.public',
    'alter schema public rename to other',
  ])
    expect((await failureOf(lake, sql)).message).toContain("is the lake's own")
  for (const sql of [
    'drop schema logs cascade',
    'create schema lake',
    'create or replace schema logs',
    'create schema information_schema',
    "create or replace stage logs.vpc_flow_logs url = 's3://b/'",
    'drop stage lake.objects',
    'alter schema public rename to logs',
    'drop file format if exists "logs".f',
  ])
    expect(await failureOf(lake, sql)).toMatchObject({
      message: expect.stringMatching(/belongs to Millrace|lake's own/),
    })
  expect(await valuesOf(lake, 'select count(*) from logs.vpc_flow_logs')).toEqual([0])
})

test('a table with rows is dropped only where CASCADE is said, and its schema is not renamed', async () => {
  const directory = join(temporaryFolder(), 'lake')
  const lake = await openedLake({ directory })
  await ran(
    lake,
    'create database d; create schema d.s; create table filled (x int); create table d.public.empty (x int)',
  )
  await closeLake(lake)
  const instance = await DuckDBInstance.create(join(directory, 'millrace.duckdb'))
  const connection = await instance.connect()
  await connection.run('insert into lake."d.s.filled" (_load_id, x) values (1, 1)')
  connection.closeSync()
  instance.closeSync()
  const again = await openedLake({ directory })

  for (const sql of [
    'drop database d',
    'drop schema d.s',
    'create or replace database d',
    'create or replace schema d.s',
  ])
    expect((await failureOf(again, sql)).message).toContain('which has rows')
  expect((await failureOf(again, 'alter database d rename to e')).message).toContain('renames no schema')
  expect((await failureOf(again, 'alter schema d.s rename to d.t')).message).toContain('renames no schema')
  expect(await lastRows(again, 'select * from d.s.filled')).toEqual([{ x: 1 }])
  expect(await lastRows(again, 'use database d; select * from s.filled')).toEqual([{ x: 1 }])
  expect(await lastRows(again, 'use schema d.s; select * from filled')).toEqual([{ x: 1 }])
  expect(await lastRows(again, 'use schema d.s; select * from filled', { dialect: 'duckdb' })).toEqual([{ x: 1 }])
  expect(await lastRows(again, 'use schema d.s; select count(*) as n from vpc_flow_logs')).toEqual([{ n: 0 }])
  expect((await failureOf(again, 'select * from filled')).code).toBe('SQL_FAILED')
  expect(await statusOf(again, 'drop schema d.public')).toBe('PUBLIC successfully dropped.')
  expect(await statusOf(again, 'drop schema d.s cascade')).toBe('S successfully dropped.')
  expect(await engineSchemas(again)).toEqual([])
})

test('a renamed database keeps what is within, and stages their file formats', async () => {
  const lake = await openedLake()
  await ran(
    lake,
    `create database d; create schema s; create file format f type = json;
     create stage st url = 's3://b/' file_format = f; alter database d rename to e; alter schema e.s rename to t`,
  )

  expect(await engineSchemas(lake)).toEqual(['e.public', 'e.t'])
  expect(await lastRows(lake, 'show stages in account')).toMatchObject([
    { database_name: 'E', schema_name: 'T', name: 'ST' },
  ])
  expect(await lastRows(lake, "alter stage e.t.st set comment = 'c'; show stages in account")).toMatchObject([
    { comment: 'c' },
  ])
  await ran(lake, 'alter stage e.t.st rename to e.public.st2')
  expect(await lastRows(lake, 'desc stage e.public.st2')).toMatchObject([
    { property: 'FORMAT_NAME', property_value: 'E.T.F' },
    {},
    {},
    {},
    {},
    {},
    {},
  ])
})

test('a pipe whose schema gets another name stays as it is: what it has loaded, that it is paused', async () => {
  const lake = await openedLake()
  const folder = temporaryFolder()
  writeFileSync(join(folder, 'a.log'), flowLog(3))
  await ran(
    lake,
    `create stage logs_here url = 'file://${folder}/'; create schema s;
     create pipe s.p as copy into logs.vpc_flow_logs from @millrace.public.logs_here file_format = (type = vpc_flow_logs);
     alter pipe s.p refresh; alter pipe s.p set pipe_execution_paused = true; alter schema s rename to t`,
  )

  expect(await lake.listPipes()).toMatchObject([{ name: 'MILLRACE.T.P', state: 'paused', files: 1, rows: 3 }])
})
