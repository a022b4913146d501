import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { shortNumber } from '../../web/src/text/figures.ts'
import { type FlowRecord, flowRecords, numbers, parquetOf, truthOf } from '../quickstarts/parquet-logs.ts'
import { ran } from '../run/running.ts'
import { barsIn, hasBrowser, openStage, type Stage } from './journey.ts'
import { addTile, published } from './published-tiles.ts'

const folder = resolve('../shared/quickstarts')

/** The script that comes before the dashboard, and the view of the other one. */
function publishedScripts(): { readonly load: string; readonly view: string } {
  const [, load = ''] = /```sql\n([\s\S]*?)```/.exec(readFileSync(join(folder, 'vpc-flow-dashboard.md'), 'utf8')) ?? []
  const [view = ''] =
    /create view vpc_flow_view[^;]*;/.exec(readFileSync(join(folder, 'vpc-flow-snowflake.sql'), 'utf8')) ?? []
  return { load, view }
}

describe.runIf(hasBrowser && existsSync(folder))(
  'the published dashboard over the published tables',
  { timeout: 180_000 },
  () => {
    let stage: Stage
    const records: FlowRecord[] = []

    beforeAll(async () => {
      stage = await openStage()
      const staged = join(stage.directory, 'staged')
      mkdirSync(staged)
      const next = numbers(5)
      for (const name of ['first', 'second', 'third']) {
        const more = flowRecords(300, next)
        records.push(...more)
        writeFileSync(join(staged, `${name}.parquet`), await parquetOf(more))
      }
      const { load, view } = publishedScripts()
      const values = { FILE: 'first.parquet' }
      // The stage is made before, in the database that the script makes.
      const [create = '', ...rest] = load.split(/(?<=;)/)
      const results = await ran(
        stage.lake,
        `${create} create stage vpc_flow_stage url = 'file://${staged}/'; ${rest.join('')} ${view}`,
        { values },
      )
      const copies = results.filter(({ statement }) => statement.text.startsWith('copy'))
      expect(copies.map(({ rows }) => rows.map((row) => row['rows_loaded']))).toEqual([[300], [300, 300]])
    })

    afterAll(() => stage.close())

    test('its four tiles, built by hand, show what the records say', async () => {
      const { page, faults } = await stage.open('/')
      await page.getByRole('button', { name: 'New dashboard' }).click()
      await page.getByLabel('Name of the dashboard').fill('VPC Flow Logs')
      await page.getByRole('button', { name: 'Create' }).click()
      for (const tile of published) await addTile(page, tile)

      const truth = truthOf(records)
      const totals = [truth.bySource, truth.byDestination, truth.byInterface]
      for (const [index, tile] of published.slice(1).entries()) {
        const expected = (totals[index] ?? []).map(({ total_bytes: total, ...named }) => {
          const [name = ''] = Object.values(named)
          return `${String(name)} ${shortNumber(total, 'bytes', 'en')}`
        })
        await expect.poll(() => barsIn(page, tile.id)).toEqual(expected)
      }
      const most = [...truth.rejected.values()].toSorted((a, b) => b - a).slice(0, 10)
      const bars = await barsIn(page, 'reject-count')
      expect(bars.map((bar) => Number(bar.split(' ')[1]))).toEqual(most)
      for (const bar of bars) {
        const [address = '', count] = bar.split(' ')
        expect(truth.rejected.get(address)).toBe(Number(count))
      }
      expect(faults).toEqual([])
    })
  },
)
