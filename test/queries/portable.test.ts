import { Dialect, parse, transpile } from '@polyglot-sql/sdk'
import { expect, test } from 'vitest'
import { readdirSync, readFileSync } from 'node:fs'
import { parseDashboard } from '../../src/dashboard/yaml.ts'
import { fillQuery } from '../../src/named-queries/fill.ts'
import { fillRange } from '../../src/named-queries/range.ts'
import { namedQueries } from '../../src/named-queries/registry.ts'

const now = new Date('2026-10-16T00:00:00Z')

const builtIn = new URL('../../src/dashboards/', import.meta.url)

/** Statements of the tiles of built-in dashboards, by dashboard and tile. */
const tiles = readdirSync(builtIn).flatMap((file) =>
  parseDashboard(file, readFileSync(new URL(file, builtIn), 'utf8')).tiles.flatMap(({ id, sql }) =>
    sql === undefined ? [] : [[`${file} ${id}`, sql] as const],
  ),
)

const range = { from: '2026-10-01', to: '2026-10-16' }

const asked = [
  ...namedQueries().map((query) => [query.name, fillQuery(query, query.sampleParameters, now)] as const),
  ...tiles.map(([name, sql]) => [name, fillRange(sql, range)] as const),
]

const printed = asked.flatMap(([name, sql]) =>
  [Dialect.Trino, Dialect.Snowflake].map((dialect) => [name, dialect, sql] as const),
)

test.each(printed)('%s is printed for %s and read there again', (_, dialect, sql) => {
  const { sql: statements = [], error } = transpile(sql, Dialect.DuckDB, dialect, { unsupportedLevel: 'raise' })
  expect(error ?? '').toBe('')
  expect(statements).toHaveLength(1)
  expect(parse(statements[0] ?? '', dialect).error ?? '').toBe('')
})

/** What the three engines have, or the printer turns into their own, and Millrace's functions, which are created on each. */
const functions = new Set(
  `avg cast coalesce count date_diff date_trunc extract greatest length lower lpad max min mod nullif rank round row_number split_part stddev_samp substring sum
  flow_direction_of in_cidr is_internal protocol_name service_port tcp_flag_names`.split(/\s+/),
)

/** Words that stand before a bracket without being functions. */
const keywords = new Set(
  'all and as by else exists from in join not on or over select then union when where'.split(' '),
)

/** The printer passes what it does not know through, so that alone proves little: text that only one engine reads must not be there. */
test.each([...namedQueries().map((query) => [query.name, query.sql] as const), ...tiles])(
  '%s says nothing in one dialect',
  (_, text) => {
    const sql = text.replaceAll(/'(?:[^']|'')*'|--[^\n]*/g, "''")
    const called = [...sql.matchAll(/\b([a-z_][a-z0-9_]*)\s*\(/gi)].map(([, name = '']) => name)
    const defined = [...sql.matchAll(/\b([a-z_]+) as \(/g)].map(([, name = '']) => name)

    expect(called.filter((name) => ![functions, keywords, new Set(defined)].some((known) => known.has(name)))).toEqual(
      [],
    )
    expect(sql).not.toMatch(/::|\[|\{|->|\bqualify\b|\bgroup by all\b|\bexclude\b|\bilike\b|\bfilter\b|\/\//i)
    // Reserved in Snowflake (start) and in all three (end).
    expect(sql.replaceAll(/"(start|end)"/g, '').replaceAll(/\bcase\b[\s\S]*?\bend\b/g, '')).not.toMatch(
      /\b(start|end)\b/,
    )
  },
)
