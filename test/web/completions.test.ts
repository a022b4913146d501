import { expect, test } from 'vitest'
import type { Catalog } from '../../web/src/worksheets/editor/catalog.ts'
import { type Offer, offersAt } from '../../web/src/worksheets/editor/completions.ts'

const catalog: Catalog = {
  tables: [
    { schema: 'public', name: 'my_table', columns: [{ name: 'mine', type: 'INTEGER' }] },
    {
      schema: 'logs',
      name: 'vpc_flow_logs',
      columns: [
        { name: 'srcaddr', type: 'VARCHAR' },
        { name: 'end', type: 'TIMESTAMP' },
      ],
    },
    { schema: 'logs', name: 's3_access_logs', columns: [{ name: 'remoteip', type: 'VARCHAR' }] },
  ],
  functions: [
    { schema: 'logs', name: 'is_internal', parameters: 'addr', description: '' },
    { schema: 'main', name: 'islower', parameters: 'text', description: 'Whether it is lower' },
  ],
}

/** What is offered where `|` stands. */
function offered(text: string): Offer[] {
  return offersAt(text.replace('|', ''), text.slice(0, text.indexOf('|')), catalog)
}

function labels(text: string, kind: Offer['kind']): string[] {
  return offered(text)
    .filter((offer) => offer.kind === kind)
    .map((offer) => offer.label)
}

test.each([
  ['select f.| from vpc_flow_logs f', ['srcaddr', 'end']],
  ['select f.| from logs.vpc_flow_logs as F', ['srcaddr', 'end']],
  ['select a.| from vpc_flow_logs f join s3_access_logs a on true', ['remoteip']],
  ['select a.| from vpc_flow_logs f, s3_access_logs a', ['remoteip']],
  ['select "a b".| from "s3_access_logs" "a b"', ['remoteip']],
  ['select vpc_flow_logs.| from vpc_flow_logs where true', ['srcaddr', 'end']],
  ['select f.| /* from s3_access_logs f */ from vpc_flow_logs f -- , s3_access_logs f', ['srcaddr', 'end']],
  ['select x.| from vpc_flow_logs f', []],
])('behind a dot stand the columns of its table: %s', (text, expected) => {
  expect(labels(text, 'column')).toEqual(expected)
})

test('behind a schema stand its tables, behind FROM all tables and what WITH defines', () => {
  expect(labels('select * from logs.|', 'table')).toEqual(['vpc_flow_logs', 's3_access_logs'])
  expect(labels('with talkers as (select 1) select * from |', 'table')).toEqual([
    'my_table',
    'vpc_flow_logs',
    's3_access_logs',
    'talkers',
  ])
  expect(offered('select * from |').every((offer) => offer.kind === 'table')).toBe(true)
})

test('elsewhere the columns of the tables that are named come first, then our functions, the engine’s last', () => {
  const offers = offered('select | from vpc_flow_logs f').toSorted((one, other) => other.boost - one.boost)
  const place = (label: string): number => offers.findIndex((offer) => offer.label === label)

  expect(labels('select | from vpc_flow_logs f', 'column')).toEqual(['srcaddr', 'end'])
  expect(labels('select | from vpc_flow_logs f', 'alias')).toEqual(['f'])
  expect(place('srcaddr')).toBeLessThan(place('is_internal'))
  expect(place('is_internal')).toBeLessThan(place('select'))
  expect(place('select')).toBeLessThan(place('islower'))
})

test('a name that is a word of SQL is written in quotes', () => {
  expect(offered('select f.| from vpc_flow_logs f').find((offer) => offer.label === 'end')?.text).toBe('"end"')
})
