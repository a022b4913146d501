import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest'
import { z } from 'zod'
import { generate } from '../../src/generate/generate.ts'
import { axeFaults } from './axe.ts'
import { barsIn, hasBrowser, openStage, type Stage } from './journey.ts'
import { cell, run, write } from './worksheet-page.ts'

const script = '<script>alert(1)</script><img src=x onerror=alert(2)>'

describe.runIf(hasBrowser)('results of worksheets', { timeout: 180_000 }, () => {
  let stage: Stage

  beforeAll(async () => {
    stage = await openStage()
    const logs = join(stage.directory, 'logs')
    await generate(logs, { type: 'vpc-flow-logs', rows: 20_000, files: 8, seed: 21 })
    await stage.lake.load(logs)
  })

  afterEach(() => stage.closePages())
  afterAll(() => stage.close())

  test('a million rows come without a pause, and their end is reached at once', async () => {
    const { page, faults } = await stage.open('/worksheets')
    await page.getByLabel('Rows at most').selectOption('1000000')
    await write(page, "select i, 'row ' || i as name, i * 2.5 as half from range(1000010) t(i)")
    await page.evaluate(
      "window.pauses = []; new PerformanceObserver((list) => window.pauses.push(...list.getEntries().map((entry) => entry.duration))).observe({ entryTypes: ['longtask'] })",
    )
    const askedAt = performance.now()
    await run(page)
    await page.locator('[data-row="0"]').waitFor()
    // Seen before all have come.
    expect(await page.getByText(/^1,000,000 rows in/).count()).toBe(0)
    await page.getByText(/^1,000,000 rows in/).waitFor({ timeout: 60_000 })
    await page.getByText(/These are the first 1,000,000 rows/).waitFor()
    const pauses = z.array(z.number()).parse(await page.evaluate('window.pauses'))
    // Against the whole, since machines differ: read at once, rows would hold the page for a sixth of it.
    const wholeMs = performance.now() - askedAt
    expect(pauses.filter((ms) => ms > wholeMs / 10)).toEqual([])

    const grid = page.getByRole('grid')
    expect(await grid.getAttribute('aria-rowcount')).toBe('1000001')
    await grid.focus()
    const startedAt = performance.now()
    await page.keyboard.press('ArrowDown')
    await page.keyboard.press('Control+End')
    await page.locator('[data-row="999999"]').waitFor()
    expect(performance.now() - startedAt).toBeLessThan(wholeMs / 3)
    expect(await cell(page, 999_999, 1)).toBe('row 999999')
    expect(await page.locator('[aria-selected="true"]').innerText()).toBe('2,499,997.5')
    await page.keyboard.press('PageUp')
    await page.keyboard.press('Home')
    const shown = Number((await page.locator('[aria-selected="true"]').innerText()).replaceAll(',', ''))
    expect(shown).toBeLessThan(999_999)
    expect(shown).toBeGreaterThan(999_900)

    await page.evaluate("const box = document.querySelector('[role=grid]'); box.scrollTop = box.scrollHeight / 2")
    const middle = page.locator('.grid-body [data-row]').nth(20)
    await expect.poll(async () => Math.abs(Number(await middle.getAttribute('data-row')) - 500_000)).toBeLessThan(100)
    const at = Number(await middle.getAttribute('data-row'))
    expect(await cell(page, at, 1)).toBe(`row ${at}`)
    await grid.hover()
    // A busy page may miss a turn of the wheel; each that it takes is ten rows.
    const turned = async (): Promise<number> => {
      const row = Number(await middle.getAttribute('data-row'))
      if (row === at) await page.mouse.wheel(0, 280)
      return (row - at) / 10
    }
    await expect.poll(turned).toBeGreaterThan(0)
    expect(Number.isInteger(await turned())).toBe(true)
    const elements = z.number().parse(await page.evaluate("document.querySelectorAll('*').length"))
    expect(elements).toBeLessThan(1500)
    expect(faults).toEqual([])
  })

  test('memory does not grow with the times that a statement was run', async () => {
    const { page } = await stage.open('/worksheets')
    const session = await page.context().newCDPSession(page)
    const used = async (): Promise<number> => {
      await session.send('HeapProfiler.collectGarbage')
      return (await session.send('Runtime.getHeapUsage')).usedSize
    }
    await write(page, "select i, repeat('x', 20) as x from range(100000) t(i)")
    const once = async (): Promise<number> => {
      await run(page)
      await page.getByText(/^Running/).waitFor({ state: 'detached' })
      await page.getByText(/^100,000 rows in/).waitFor()
      return used()
    }
    await once()
    const before = await once()
    for (let round = 0; round < 4; round++) await once()

    expect((await once()) - before).toBeLessThan(8_000_000)
    // As objects these rows would take more than twenty megabytes.
    expect(await used()).toBeLessThan(40_000_000)
  })

  test('a result is drawn, pinned to a new dashboard, and exported', async () => {
    const { page, faults } = await stage.open('/worksheets')
    await write(page, 'select action, count(*) as records from vpc_flow_view where action is not null group by action')
    await run(page)
    await page.getByText('Chart', { exact: true }).click()
    await page.locator('.result .bar').first().waitFor()
    await page.getByRole('combobox', { name: 'Direction' }).selectOption('ascending')
    expect((await page.locator('.result .bar-name').allInnerTexts())[0]).toBe('REJECT')
    await page.getByRole('button', { name: 'Pin to a dashboard' }).click()
    const dialog = page.getByRole('dialog')
    await dialog.getByLabel('Title').fill('By action')
    await dialog.getByRole('combobox', { name: 'Dashboard' }).selectOption({ label: 'New dashboard …' })
    await dialog.getByLabel('Name of the new dashboard').fill('My board')
    await dialog.getByRole('button', { name: 'Pin', exact: true }).click()
    await dialog.getByRole('link', { name: 'Open the dashboard' }).click()
    await expect.poll(async () => (await barsIn(page, 'by-action')).length).toBe(2)
    expect((await barsIn(page, 'by-action'))[0]).toContain('REJECT')

    await page.goBack()
    await run(page)
    const [file] = await Promise.all([
      page.waitForEvent('download'),
      page.getByRole('button', { name: 'CSV file' }).click(),
    ])
    expect(await readFile(await file.path(), 'utf8')).toMatch(/^action,records\r\n(ACCEPT|REJECT),\d+\r\n/)
    await page.getByRole('button', { name: 'Pin to a dashboard' }).click()
    await dialog.getByLabel('Title').fill('By action')
    await dialog.getByRole('combobox', { name: 'Dashboard' }).selectOption({ label: 'My board' })
    await dialog.getByRole('button', { name: 'Pin', exact: true }).click()
    await dialog.getByText('“By action” is on My board now.').waitFor()
    const kept = await readFile(join(stage.lake.directory, 'dashboards', 'my-board.yaml'), 'utf8')
    expect(kept).toMatch(/id: by-action-2[^]*at: \{ x: 0, y: 7, w: 6, h: 7 \}/)
    expect(faults).toEqual([])
  })

  test('what logs hold is shown as text; a long value whole, cut for the eye', async () => {
    const { page, faults } = await stage.open('/worksheets')
    const quoted = script.replaceAll("'", "''")
    await write(
      page,
      `select '${quoted}' as hostile, 'a' || chr(8238) || 'b' as turned, repeat('z', 1000000) as long, null as none, 'NULL' as word, 9007199254740993 as big, ['${quoted}'] as list, '' as "${quoted}"`,
    )
    await run(page)
    await page.getByText(/^1 row in/).waitFor()
    expect(await cell(page, 0, 0)).toBe(script)
    expect(await cell(page, 0, 1)).toBe(String.raw`a\u202eb`)
    expect((await cell(page, 0, 2)).length).toBeLessThan(300)
    expect(await page.locator('[data-column="3"] .null').count()).toBe(1)
    expect(await page.locator('[data-column="4"] .null').count()).toBe(0)
    await page.locator('[data-row="0"] [data-column="2"]').click()
    const panel = page.getByRole('complementary', { name: 'Value of long, row 1' })
    expect(await panel.getByText(/The first 20,000 of 1,000,000 characters/).count()).toBe(1)
    await page.keyboard.press('ArrowRight')
    await page.keyboard.press('ArrowRight')
    await page.keyboard.press('ArrowRight')
    await page.getByRole('complementary', { name: 'Value of big, row 1' }).waitFor()
    expect(await page.locator('.cell-panel pre').innerText()).toBe('9007199254740993')
    await page.keyboard.press('ArrowRight')
    expect(await page.locator('.cell-panel pre').innerText()).toContain(script)
    await page.keyboard.press('Escape')
    expect(await page.locator('.cell-panel').count()).toBe(0)
    expect(await page.locator('.worksheets script, .worksheets img').count()).toBe(0)

    await page.evaluate(
      "document.addEventListener('copy', (event) => { window.copied = event.clipboardData.getData('text/plain') })",
    )
    await page.getByRole('grid').focus()
    await page.keyboard.press('Home')
    await page.keyboard.press('Control+c')
    expect(await page.evaluate('window.copied')).toBe(script)
    expect(faults).toEqual([])
  })

  test('fits a phone; the list is a drawer', async () => {
    const { page, faults } = await stage.open('/worksheets', { viewport: { width: 390, height: 844 } })
    await write(page, 'select * from vpc_flow_logs')
    await run(page)
    await page.getByText(/^20,000 rows in/).waitFor()
    expect(await page.evaluate('document.documentElement.scrollWidth - innerWidth')).toBe(0)
    await page.getByRole('button', { name: 'Worksheets, queries, history' }).click()
    await page.getByRole('dialog').getByText('Queries', { exact: true }).click()
    await page.getByRole('dialog').getByRole('button', { name: 'Rejected traffic' }).click()
    await page.getByRole('heading', { name: 'Rejected traffic' }).waitFor()
    expect(await page.getByRole('dialog').count()).toBe(0)
    expect(await page.evaluate('document.documentElement.scrollWidth - innerWidth')).toBe(0)
    expect(faults).toEqual([])
  })

  test.each(['light', 'dark'] as const)('axe-core finds nothing serious, %s', async (colorScheme) => {
    const { page } = await stage.open('/worksheets', { colorScheme })
    await page.locator('.cm-content').waitFor()
    expect(['empty', await axeFaults(page)]).toEqual(['empty', []])
    await write(page, "-- a comment\nselect srcaddr, 'text' as text, 1.5 as number, null as none from vpc_flow_logs;")
    await run(page)
    await page.locator('[data-row="1"] [data-column="0"]').click()
    await page.locator('.cell-panel').waitFor()
    expect(['grid', await axeFaults(page)]).toEqual(['grid', []])
    await page.locator('.cm-content').click()
    await page.keyboard.press('Control+End')
    await page.keyboard.type(' select is_i')
    await page.locator('.cm-tooltip-autocomplete').waitFor()
    expect(['completion', await axeFaults(page)]).toEqual(['completion', []])
    await run(page)
    await page.locator('.cm-fault').waitFor()
    expect(['fault', await axeFaults(page)]).toEqual(['fault', []])
    await page.getByText('History', { exact: true }).click()
    expect(['history', await axeFaults(page)]).toEqual(['history', []])
    await page.getByText('Queries', { exact: true }).click()
    await page.getByRole('button', { name: 'Top talkers by source', exact: true }).click()
    await page.getByText(/^10 rows in/).waitFor()
    await page.getByText('Chart', { exact: true }).click()
    await page.locator('.result .bar').first().waitFor()
    await page.getByRole('button', { name: 'Pin to a dashboard' }).click()
    expect(['query', await axeFaults(page)]).toEqual(['query', []])
  })
})
