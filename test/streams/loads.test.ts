import { expect, test } from 'vitest'
import { lastRows, ran } from '../run/running.ts'
import { lakeOfFile } from '../run/staged.ts'

const { lake, staged } = lakeOfFile()

test('COPY brings rows that a stream tells of, each once', async () => {
  const { copied, stage, table } = await staged('raw text')
  const format = 'type = csv field_delimiter = none'
  stage('a.log', 'one\ntwo\n')
  await ran(lake(), `create stream s on table ${table}; create table parsed (line text, action text)`)
  await copied(format)
  const take = "insert into parsed select raw, metadata$action from s where metadata$action = 'INSERT'"
  await ran(lake(), take)
  stage('b.log', 'three\n')
  await copied(format)
  await copied(format)
  expect(await lastRows(lake(), 'select raw, metadata$isupdate as u from s')).toEqual([{ raw: 'three', u: false }])
  await ran(lake(), `${take}; ${take}`)
  expect(await lastRows(lake(), 'select line from parsed order by line')).toEqual([
    { line: 'one' },
    { line: 'three' },
    { line: 'two' },
  ])
})

test('a stream of a table with a VARIANT goes on while that is widened', async () => {
  const { copied, stage, table } = await staged('record variant')
  await ran(lake(), `create stream v on table ${table}; create stream w on table ${table} append_only = true`)
  expect(await lastRows(lake(), 'select record:a::integer as a from v')).toEqual([])
  stage('a.json', '{"a": 1}')
  await copied('type = json')
  expect(await lastRows(lake(), 'select record:a::integer as a from v')).toEqual([{ a: 1 }])
  await ran(lake(), `delete from ${table} where record:a::integer = 1`)
  stage('b.json', '{"a": 2, "b": "x"}')
  await copied('type = json')
  expect(await lastRows(lake(), 'select record:a::integer as a, record:b::varchar as b from v')).toEqual([
    { a: 2, b: 'x' },
  ])
  expect(await lastRows(lake(), 'select record:a::integer as a, record:b::varchar as b from w order by 1')).toEqual([
    { a: 1, b: null },
    { a: 2, b: 'x' },
  ])
  await ran(lake(), 'create table taken as select record:a::integer as a, metadata$action as action from v')
  expect(await lastRows(lake(), 'select a, action from taken')).toEqual([{ a: 2, action: 'INSERT' }])
  await ran(
    lake(),
    `merge into taken using w on w.record:a::integer = taken.a when matched then update set action = w.record:b`,
  )
  expect(await lastRows(lake(), 'select a, action from taken')).toEqual([{ a: 2, action: 'x' }])
})

test('in another schema, and read by its full name from elsewhere', async () => {
  await ran(
    lake(),
    `create database logs_of; create schema logs_of.own; use schema logs_of.own; create table t (id integer);
    create stream s on table t; insert into t values (1); use schema millrace.public; create table seen (id integer);
    insert into logs_of.own.t values (2); update logs_of.own.t set id = 3 where t.id = 2;
    insert into seen select id from logs_of.own.s where s.metadata$action = 'INSERT'`,
  )
  expect(await lastRows(lake(), 'select id from seen order by id')).toEqual([{ id: 1 }, { id: 3 }])
  expect(await lastRows(lake(), 'select count(*) as n from logs_of.own.s')).toEqual([{ n: 0 }])
})
