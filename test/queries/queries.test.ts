import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { expect, test } from 'vitest'
import { logTypes } from '../../src/log-type/registry.ts'
import { fillQuery } from '../../src/named-queries/fill.ts'
import type { NamedQuery } from '../../src/named-queries/named-query.ts'
import { namedQueries } from '../../src/named-queries/registry.ts'
import { openTestLake } from '../loading/template.ts'

/** What `now` is for the samples of all queries. */
const now = new Date('2026-10-16T00:00:00Z')

async function answered(query: NamedQuery, parameters: Readonly<Record<string, string>>): Promise<unknown[]> {
  const root = mkdtempSync(join(tmpdir(), 'millrace-query-'))
  const lake = await openTestLake(join(root, 'lake'), { threads: 1 })
  try {
    for (const [name, text] of Object.entries(query.sample)) {
      mkdirSync(dirname(join(root, 'logs', name)), { recursive: true })
      writeFileSync(join(root, 'logs', name), text)
    }
    const summary = await lake.load(join(root, 'logs'))
    expect(summary).toMatchObject({ failed_files: 0, rejects: 0 })
    return await (await lake.query(fillQuery(query, parameters, now))).all()
  } finally {
    await lake.close()
    rmSync(root, { recursive: true })
  }
}

test.each(namedQueries().map((query) => [query.name, query] as const))(
  '%s answers its question on its sample',
  async (_, query) => {
    expect(await answered(query, query.sampleParameters)).toEqual(query.expected)
  },
)

test.each(namedQueries().map((query) => [query.name, query] as const))(
  '%s has a sample that leaves something out, known log types, and a chart of its columns',
  (_, query) => {
    expect(query.expected.length).toBeGreaterThan(0)
    const tables = logTypes.map(({ table }) => table)
    for (const table of query.logTypes) expect(tables).toContain(table)
    const columns = Object.keys(query.expected[0] ?? {})
    for (const name of [query.chart.axis, query.chart.measure, query.chart.series])
      if (name !== undefined) expect(columns).toContain(name)
  },
)
