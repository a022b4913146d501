import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest'
import { z } from 'zod'
import { generate } from '../../src/generate/generate.ts'
import { shortNumber } from '../../web/src/text/figures.ts'
import { barsIn, hasBrowser, openStage, type Stage, untilShown } from './journey.ts'
import { type PublishedTile, addTile, published, sqlOf } from './published-tiles.ts'

/** The same question to the lake's own tables. */
function truthOf({ column, measure, sum, action }: PublishedTile): string {
  return `select ${column}, ${sum} as ${measure} from vpc_flow_logs where start > current_date - interval 30 day and action = '${action}' group by ${column} order by ${measure} desc limit 10`
}

describe.runIf(hasBrowser)('dashboards', { timeout: 180_000 }, () => {
  let stage: Stage

  beforeAll(async () => {
    stage = await openStage()
    const logs = join(stage.directory, 'logs')
    await generate(logs, { type: 'vpc-flow-logs', rows: 20_000, files: 8, seed: 11 })
    await stage.lake.load(logs)
  })

  afterEach(() => stage.closePages())
  afterAll(() => stage.close())

  test('the published dashboard is built by hand, step by step', async () => {
    const { page, faults } = await stage.open('/')
    await page.getByRole('button', { name: 'New dashboard' }).click()
    await page.getByLabel('Name of the dashboard').fill('VPC Flow Logs')
    await page.getByRole('button', { name: 'Create' }).click()
    await page.getByRole('heading', { name: 'No tiles yet' }).waitFor()
    for (const tile of published) await addTile(page, tile)

    const check = async (): Promise<void> => {
      for (const tile of published) {
        const rows = await (await stage.lake.query<Record<string, string | number>>(truthOf(tile))).all()
        const values = rows
          .map((row) =>
            shortNumber(Number(row[tile.measure]), tile.measure === 'total_bytes' ? 'bytes' : undefined, 'en'),
          )
          .toSorted()
        await expect.poll(async () => (await barsIn(page, tile.id)).length).toBe(rows.length)
        const bars = await barsIn(page, tile.id)
        expect(bars.map((bar) => bar.split(' ').slice(1).join(' ')).toSorted()).toEqual(values)
        expect(bars[0]).toContain(String(rows[0]?.[tile.column]))
      }
    }
    await check()
    await page.reload()
    await check()
    const file = await readFile(join(stage.lake.directory, 'dashboards', 'vpc-flow-logs.yaml'), 'utf8')
    expect(file).toContain(
      'chart: { type: bar, measure: srcaddrcount, axis: srcaddr, orientation: horizontal, order: size, direction: descending }',
    )
    expect(faults).toEqual([])
  })

  test('a bar leads to its records, and to a filter that all tiles obey', async () => {
    const { page, faults } = await stage.open('/')
    const bar = page.locator('[data-tile="reject-count"] .bar').first()
    await bar.waitFor()
    const address = await bar.locator('.bar-name').innerText()
    const count = Number((await bar.locator('.bar-value').innerText()).replaceAll(',', ''))
    await bar.click()
    const panel = page.getByRole('dialog')
    const rows = panel.locator('tbody tr')
    await rows.first().waitFor()

    expect(await rows.count()).toBe(Math.min(200, count))
    for (const text of await rows.allInnerTexts()) expect(text).toMatch(/REJECT/)
    await panel.getByRole('button', { name: 'Filter the dashboard by this' }).click()
    await expect.poll(() => barsIn(page, 'reject-count')).toEqual([expect.stringContaining(address)])
    expect(new URL(page.url()).searchParams.get('is')).toBe(`srcaddr=${address}`)
    await page.reload()
    await expect.poll(() => barsIn(page, 'reject-count')).toHaveLength(1)
    await page.getByRole('button', { name: /Remove the filter/ }).click()
    await expect.poll(async () => (await barsIn(page, 'reject-count')).length).toBeGreaterThan(1)
    expect(faults).toEqual([])
  })

  test('the values of a drawn chart are reached by keys, and lead to their records', async () => {
    const { page, faults } = await stage.open('/')
    const steps = page.getByRole('slider', { name: 'Who talks to whom' })
    await steps.focus()
    const first = await steps.getAttribute('aria-valuetext')
    await page.keyboard.press('ArrowRight')
    const second = (await steps.getAttribute('aria-valuetext')) ?? ''

    expect(first).toMatch(/^[\d.]+ → [\d.]+: [\d,.]+ \w*B/)
    expect(second).not.toBe(first)
    await page.keyboard.press('Enter')
    const rows = page.getByRole('dialog').locator('tbody tr')
    await rows.first().waitFor()
    for (const text of await rows.allInnerTexts()) expect(text).toContain(second.split(' ')[0])
    expect(faults).toEqual([])
  })

  test("a built-in dashboard leads to the built-in records, also where a script's table has the name", async () => {
    for await (const _ of stage.lake.run('create table public.vpc_flow_logs (id int)')) continue
    try {
      const { page, faults } = await stage.open('/')
      const steps = page.getByRole('slider', { name: 'Who talks to whom' })
      await steps.focus()
      await page.keyboard.press('ArrowRight')
      const [source = ''] = ((await steps.getAttribute('aria-valuetext')) ?? '').split(' ')
      await page.keyboard.press('Enter')
      const rows = page.getByRole('dialog').locator('tbody tr')
      await rows.first().waitFor()
      for (const text of await rows.allInnerTexts()) expect(text).toContain(source)
      expect(faults).toEqual([])
    } finally {
      for await (const _ of stage.lake.run('drop table public.vpc_flow_logs')) continue
    }
  })

  test('a span drawn on a time chart becomes the range of all tiles, and Back takes it away', async () => {
    const { page, faults } = await stage.open('/')
    const chart = page.locator('[data-tile="traffic-over-time"] canvas').first()
    await untilShown(page)
    await chart.hover()
    const box = await chart.boundingBox().then((found) => found ?? { x: 0, y: 0, width: 0, height: 0 })
    await page.mouse.move(box.x + box.width * 0.4, box.y + box.height / 2)
    await page.mouse.down()
    await page.mouse.move(box.x + box.width * 0.7, box.y + box.height / 2, { steps: 8 })
    await page.mouse.up()

    await expect.poll(() => new URL(page.url()).searchParams.get('from')).toMatch(/^\d{4}-\d{2}-\d{2} /)
    await page.goBack()
    expect(new URL(page.url()).searchParams.get('from')).toBeNull()
    await page.getByRole('button', { name: 'Last 30 days' }).click()
    await page.getByRole('button', { name: 'Last 24 hours' }).click()
    expect(new URL(page.url()).searchParams.get('from')).toBe('-24h')
    expect(faults).toEqual([])
  })

  test('tiles are moved by keys and mouse, duplicated and deleted; the built-in dashboard gets a copy', async () => {
    const { page, faults } = await stage.open('/dashboards/vpc-overview')
    const places = async (): Promise<string[]> =>
      z
        .array(z.string())
        .parse(
          await page.evaluate(
            "[...document.querySelectorAll('.tile')].map((tile) => tile.dataset.tile + ' ' + tile.getAttribute('style'))",
          ),
        )
    await page.getByRole('button', { name: 'Edit', exact: true }).click()
    const handle = page.getByRole('button', { name: /^Move “Reject Count”/ })
    await handle.focus()
    await page.keyboard.press('ArrowRight')
    await page.keyboard.press('ArrowRight')
    await page.keyboard.press('ArrowRight')
    await expect.poll(places).toContainEqual(expect.stringMatching(/^reject-count --x: ?4; --y: ?1;/))
    await page.keyboard.press('Shift+ArrowRight')
    await expect.poll(places).toContainEqual(expect.stringMatching(/^reject-count .*--w: ?4;/))
    await handle.hover()
    await page.mouse.down()
    const box = await handle.boundingBox().then((found) => found ?? { x: 0, y: 0 })
    await page.mouse.move(box.x - 200, box.y + 5, { steps: 5 })
    // Let go before the page has drawn the last move.
    await page.evaluate(
      `for (const kind of ['pointermove', 'pointerup'])
        document.querySelector('[data-tile="reject-count"] .handle').dispatchEvent(
          new PointerEvent(kind, { bubbles: true, pointerId: 1, clientX: ${box.x - 400}, clientY: ${box.y + 5} }))`,
    )
    await page.mouse.up()
    await expect.poll(places).toContainEqual(expect.stringMatching(/^reject-count --x: ?1;/))

    await page.getByRole('button', { name: 'Tile “Reject Count”: actions' }).click()
    await page.getByRole('menuitem', { name: 'Duplicate' }).click()
    await page.locator('[data-tile="reject-count-2"]').waitFor()
    await page.getByText('Changed in this lake').waitFor()
    await page
      .locator('[data-tile="reject-count-2"]')
      .getByRole('button', { name: /actions/ })
      .click()
    await page.getByRole('menuitem', { name: 'Delete' }).click()
    await page.locator('[data-tile="reject-count-2"]').waitFor({ state: 'detached' })
    expect(await readFile(join(stage.lake.directory, 'dashboards', 'vpc-overview.yaml'), 'utf8')).toContain(
      'title: { en: Reject Count, ja: 拒否件数 }',
    )
    expect(faults).toEqual([])
  })

  test('a named query becomes a tile, by its form', async () => {
    const { page, faults } = await stage.open('/dashboards/lake-health')
    await page.getByLabel('Add a tile').click()
    const editor = page.getByRole('dialog', { name: 'New tile' })
    await editor.getByText('Named query').click()
    await editor.getByRole('combobox', { name: 'Named query' }).selectOption('top-sources')
    await editor.getByLabel('limit', { exact: false }).first().fill('3')
    await editor.getByRole('button', { name: 'Run' }).click()
    await editor.getByText('3 rows').waitFor()
    await editor.getByRole('button', { name: 'Add to the dashboard' }).click()

    await expect.poll(() => barsIn(page, 'top-talkers-by-source')).toHaveLength(3)
    expect(faults).toEqual([])
  })

  test('a fault of a statement is shown where it is, with its message', async () => {
    const { page } = await stage.open('/')
    await page.getByLabel('Add a tile').click()
    await page.getByLabel('SQL statement').fill('select nothing from vpc_flow_view')
    await page.getByRole('button', { name: 'Run' }).click()

    expect(await page.getByRole('alert').innerText()).toContain('LINE 1: select nothing')
  })

  test('SQL that looks like another dialect is run as that by one click', async () => {
    const { page, faults } = await stage.open('/')
    await page.getByLabel('Add a tile').click()
    const editor = page.getByRole('dialog', { name: 'New tile' })
    await editor.getByLabel('SQL statement').fill(sqlOf(published[0]))
    await editor.getByRole('button', { name: 'Run', exact: true }).click()
    await editor.getByRole('button', { name: 'Run it as Snowflake' }).click()
    await editor.getByText('10 rows').waitFor()

    expect(await editor.getByLabel('Dialect').inputValue()).toBe('snowflake')
    expect(await editor.innerText()).toContain('log_analysis.public.vpc_flow_view is read as vpc_flow_view')
    expect(faults.filter((fault) => !fault.includes('400'))).toEqual([])
  })

  test('what is loaded while somebody looks appears by itself', async () => {
    const { page, faults } = await stage.open('/dashboards/lake-health')
    const figure = page.locator('[data-tile="rows-loaded"] .figure')
    const before = Number((await figure.innerText()).replaceAll(',', ''))
    const logs = join(stage.directory, 'live')
    await generate(logs, { type: 'vpc-flow-logs', rows: 500, files: 1, seed: 12 })
    await stage.lake.load(logs)

    await expect
      .poll(async () => Number((await figure.innerText()).replaceAll(',', '')), { timeout: 25_000 })
      .toBe(before + 500)
    expect(faults).toEqual([])
  })
})
