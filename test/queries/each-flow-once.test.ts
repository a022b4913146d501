import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { expect, test } from 'vitest'
import { fillQuery } from '../../src/named-queries/fill.ts'
import { namedQueries } from '../../src/named-queries/registry.ts'
import { openTestLake } from '../loading/template.ts'

const now = new Date('2026-10-16T00:00:00Z')

const totals = namedQueries().filter((query) => query.parameters.some(({ name }) => name === 'each_flow_once'))

test.each(totals.map((query) => [query.name, query] as const))(
  '%s counts once what a second flow log and other interfaces recorded too',
  async (_, query) => {
    const root = mkdtempSync(join(tmpdir(), 'millrace-once-'))
    const lake = await openTestLake(join(root, 'lake'), { threads: 1 })
    try {
      for (const [name, text] of Object.entries(query.sample))
        for (const [log, records] of Object.entries({
          first: text,
          second: text,
          others: text.replaceAll('eni-', 'eni-f'),
        })) {
          mkdirSync(dirname(join(root, log, name)), { recursive: true })
          writeFileSync(join(root, log, name), records)
        }
      for (const log of ['first', 'second', 'others']) await lake.load(join(root, log))
      const sql = fillQuery(query, { ...query.sampleParameters, each_flow_once: 'true' }, now)
      expect(await (await lake.query(sql)).all()).toEqual(query.expected)
    } finally {
      await lake.close()
      rmSync(root, { recursive: true })
    }
  },
)
