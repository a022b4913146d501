import { expect, test } from 'vitest'
import { ofBuiltIn, scopeStatement, type View } from '../src/sql/scope.ts'

const views: View[] = [
  {
    name: 'vpc_flow_logs',
    time: 'start',
    columns: [
      { name: 'start', type: 'TIMESTAMP' },
      { name: 'srcaddr', type: 'VARCHAR' },
    ],
  },
  { name: 'vpc_flow_view', time: 'START', columns: [{ name: 'START', type: 'TIMESTAMP' }] },
  { name: 'load_rejects', time: undefined, columns: [{ name: 'file', type: 'VARCHAR' }] },
]
const scope = { from: '2026-11-01 00:00:00', to: '2026-11-02 00:00:00' }
const range = `"start" >= timestamp '2026-11-01 00:00:00' and "start" < timestamp '2026-11-02 00:00:00'`
const flows = `"vpc_flow_logs" as not materialized (select * from logs."vpc_flow_logs" where ${range})`

function scoped(sql: string): string {
  return scopeStatement(sql, scope, views).sql
}

test.each([
  ['select * from vpc_flow_logs', `with ${flows}\nselect * from vpc_flow_logs`],
  ['  -- all\nFROM VPC_FLOW_LOGS', `  -- all\nwith ${flows}\nFROM VPC_FLOW_LOGS`],
  [
    'with a as (select 1) select * from a, vpc_flow_logs',
    `with ${flows},\n a as (select 1) select * from a, vpc_flow_logs`,
  ],
  [
    'with recursive a as (select 1) from a, vpc_flow_logs',
    `with recursive ${flows},\n a as (select 1) from a, vpc_flow_logs`,
  ],
  ['select * from "vpc_flow_logs" t', `with ${flows}\nselect * from "vpc_flow_logs" t`],
])('the views that a statement names are shadowed: %s', (sql, expected) => {
  expect(scoped(sql)).toBe(expected)
})

test.each([
  'select * from logs.vpc_flow_logs',
  "select 'from vpc_flow_logs'",
  'select 1 -- vpc_flow_logs',
  'select 1 /* vpc_flow_logs */',
  'with vpc_flow_logs as (select 1) select * from vpc_flow_logs',
  'with a as (select 1), vpc_flow_logs(x) as (select 1) select * from vpc_flow_logs',
  'select * from load_rejects',
  'describe vpc_flow_logs',
  '',
])('nothing else is: %s', (sql) => {
  expect(scoped(sql)).toBe(sql)
})

test('filters apply where there is such a column, and it is said where there is none', () => {
  const filters = [
    { column: 'SRCADDR', value: "o'brien" },
    { column: 'file', value: null },
  ]

  expect(scopeStatement('from vpc_flow_logs, load_rejects, vpc_flow_view', { filters }, views)).toEqual({
    sql: `with "vpc_flow_logs" as not materialized (select * from logs."vpc_flow_logs" where "srcaddr" = 'o''brien'),
"load_rejects" as not materialized (select * from logs."load_rejects" where "file" is null)
from vpc_flow_logs, load_rejects, vpc_flow_view`,
    views: ['vpc_flow_logs', 'vpc_flow_view', 'load_rejects'],
    unfiltered: [],
  })
  expect(scopeStatement('from vpc_flow_view', { filters }, views).unfiltered).toEqual(['SRCADDR', 'file'])
})

test('a built-in statement means the built-in views, each in one definition', () => {
  const rejects = '"load_rejects" as not materialized (select * from logs."load_rejects")'
  expect(ofBuiltIn('from load_rejects', views)).toBe(`with ${rejects}\nfrom load_rejects`)
  expect(ofBuiltIn(scoped('from vpc_flow_logs, load_rejects'), views)).toBe(
    `with ${rejects},\n ${flows}\nfrom vpc_flow_logs, load_rejects`,
  )
  expect(ofBuiltIn('from logs.load_rejects', views)).toBe('from logs.load_rejects')
})
