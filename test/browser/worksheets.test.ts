import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { z } from 'zod'
import { generate } from '../../src/generate/generate.ts'
import { axeFaults } from './axe.ts'
import { barsIn, hasBrowser, openStage, type Stage } from './journey.ts'

const script = '<script>alert(1)</script><img src=x onerror=alert(2)>'

/** A statement that fails is answered with 400, which the browser notes. */
function withoutRefusals(faults: readonly string[]): string[] {
  return faults.filter((fault) => !fault.includes('status of 400'))
}

/** Puts a text in the editor in place of what is there. */
async function write(page: Page, sql: string): Promise<void> {
  await page.locator('.cm-content').click()
  await page.keyboard.press('ControlOrMeta+a')
  await page.keyboard.insertText(sql)
}

async function run(page: Page): Promise<void> {
  await page.getByRole('button', { name: 'Run', exact: true }).click()
}

async function cell(page: Page, row: number, column: number): Promise<string> {
  return page.locator(`[data-row="${row}"] [data-column="${column}"]`).innerText()
}

async function textIn(page: Page): Promise<string[]> {
  return page.locator('.cm-line').allInnerTexts()
}

describe.runIf(hasBrowser)('worksheets', { timeout: 180_000 }, () => {
  let stage: Stage

  beforeAll(async () => {
    stage = await openStage()
    const logs = join(stage.directory, 'logs')
    await generate(logs, { type: 'vpc-flow-logs', rows: 20_000, files: 8, seed: 21 })
    await stage.lake.load(logs)
  })

  afterAll(() => stage.close())

  test('what is typed is completed from the lake: tables, columns of an alias, our functions', async () => {
    const { page, faults } = await stage.open('/worksheets')
    const offers = page.locator('.cm-tooltip-autocomplete li')
    const take = async (typed: string, offer: string, key: string): Promise<void> => {
      await page.keyboard.type(typed)
      await offers.first().filter({ hasText: offer }).waitFor()
      // For 75 ms the editor takes no key for a list: it may have come while another was meant.
      await page.waitForTimeout(100)
      await page.keyboard.press(key)
    }
    await page.locator('.cm-content').click()
    await take('select count(*) as n from vpc_flow_l', 'vpc_flow_logs', 'Enter')
    await take(' f where f.srca', 'srcaddr', 'Tab')
    await take(" = '' or is_int", 'is_internal', 'Enter')
    await take('f.dsta', 'dstaddr', 'Enter')

    expect(await textIn(page)).toEqual([
      "select count(*) as n from vpc_flow_logs f where f.srcaddr = '' or is_internal(f.dstaddr)",
    ])
    await page.keyboard.press('Control+Enter')
    await page.getByText(/^1 row in/).waitFor()
    const [row] = await (
      await stage.lake.query<{ n: number }>('select count(*) as n from vpc_flow_logs where is_internal(dstaddr)')
    ).all()
    expect(Number((await cell(page, 0, 0)).replaceAll(',', ''))).toBe(row?.n)
    expect(faults).toEqual([])
  })

  test('the statement at the cursor runs, or the selection; Escape and Tab leave the editor', async () => {
    const { page, faults } = await stage.open('/worksheets')
    await write(page, "select 1 as first;\nselect 2 as second, ';' as sign;\nselect 3 as third")
    await page.locator('.cm-line').nth(1).click()
    await page.keyboard.press('Control+Enter')
    await page.getByRole('columnheader', { name: 'second' }).waitFor()
    expect(await cell(page, 0, 1)).toBe(';')

    await page.locator('.cm-line').first().click()
    await page.keyboard.press('Home')
    await page.keyboard.press('Shift+ArrowDown')
    await page.keyboard.press('Control+Enter')
    await page.getByRole('columnheader', { name: 'first' }).waitFor()

    await page.keyboard.press('End')
    await page.keyboard.press('Tab')
    expect((await textIn(page)).some((line) => /^\s{2}| {2}$/.test(line))).toBe(true)
    await page.keyboard.press('Escape')
    await page.keyboard.press('Tab')
    expect(await page.evaluate('document.activeElement.textContent')).toBe('Run')
    expect(faults).toEqual([])
  })

  test('a long query has a clock and is cancelled, on the page and in the engine', async () => {
    const { page, faults } = await stage.open('/worksheets')
    const ended = async (): Promise<number> => {
      const metrics = await (await fetch(`${stage.server.url}/metrics`)).text()
      return Number(/^millrace_query_seconds_count (\d+)$/m.exec(metrics)?.[1])
    }
    const slow = 'select count(*) from range(1000000000000) a(i) where hash(i) % 7 = 1'
    await write(page, slow)
    await run(page)
    await page.getByText(/^Running for [12] s/).waitFor()
    const before = await ended()
    await page.getByRole('button', { name: 'Cancel' }).click()
    await page.getByText(/^Cancelled after/).waitFor()
    await expect.poll(ended).toBe(before + 1)

    await run(page)
    await page.getByText(/^Running for/).waitFor()
    expect(await ended()).toBe(before + 1)
    await page.getByRole('link', { name: 'Loads' }).click()
    await expect.poll(ended).toBe(before + 2)
    expect(faults).toEqual([])
  })

  test('a million rows come without a pause, and their end is reached at once', async () => {
    const { page, faults } = await stage.open('/worksheets')
    await page.getByLabel('Rows at most').selectOption('1000000')
    await write(page, "select i, 'row ' || i as name, i * 2.5 as half from range(1000010) t(i)")
    await page.evaluate(
      "window.pauses = []; new PerformanceObserver((list) => window.pauses.push(...list.getEntries().map((entry) => entry.duration))).observe({ entryTypes: ['longtask'] })",
    )
    await run(page)
    await page.locator('[data-row="0"]').waitFor()
    // Seen before all have come.
    expect(await page.getByText(/^1,000,000 rows in/).count()).toBe(0)
    await page.getByText(/^1,000,000 rows in/).waitFor({ timeout: 60_000 })
    await page.getByText(/These are the first 1,000,000 rows/).waitFor()
    const pauses = z.array(z.number()).parse(await page.evaluate('window.pauses'))
    // Read at once they would take seconds; on a machine by itself no pause is longer than 50 ms.
    expect(pauses.filter((ms) => ms > 500)).toEqual([])

    const grid = page.getByRole('grid')
    expect(await grid.getAttribute('aria-rowcount')).toBe('1000001')
    await grid.focus()
    const startedAt = performance.now()
    await page.keyboard.press('ArrowDown')
    await page.keyboard.press('Control+End')
    await page.locator('[data-row="999999"]').waitFor()
    expect(performance.now() - startedAt).toBeLessThan(2000)
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
    await page.mouse.wheel(0, 280)
    await expect.poll(async () => Number(await middle.getAttribute('data-row'))).toBe(at + 10)
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

  test('a fault is marked where it is, also when one of several statements was run', async () => {
    const { page, faults } = await stage.open('/worksheets')
    const mark = page.locator('.cm-fault')
    await write(
      page,
      `select 1;\n${'\n'.repeat(90)}select srcaddr,\n  nothing\nfrom vpc_flow_logs\n${'\n'.repeat(90)};\nselect 2`,
    )
    await page.keyboard.press('Control+Home')
    await page.keyboard.press('Control+Enter')
    await page.getByText(/^1 row in/).waitFor()
    expect(await mark.count()).toBe(0)

    await page.keyboard.press('Control+End')
    await page.keyboard.press('ArrowUp')
    expect(await page.locator('.cm-line', { hasText: 'nothing' }).count()).toBe(0)
    await page.keyboard.press('Control+Enter')
    await page.getByRole('alert').filter({ hasText: 'LINE 2:   nothing' }).waitFor()
    expect(await mark.allInnerTexts()).toEqual(['nothing'])
    expect(await mark.isVisible()).toBe(true)

    await page.locator('.cm-line', { hasText: 'nothing' }).click()
    await page.keyboard.press('End')
    await page.keyboard.type('x')
    expect(await mark.count()).toBe(0)

    await write(page, 'select 1;\nselec 2')
    await run(page)
    await page.getByRole('alert').filter({ hasText: 'syntax error' }).waitFor()
    expect(await mark.allInnerTexts()).toEqual(['selec'])
    expect(withoutRefusals(faults)).toEqual([])
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

  test('a worksheet is saved as a file, and what is not saved survives a reload', async () => {
    const { page, faults } = await stage.open('/worksheets')
    const file = join(stage.lake.directory, 'worksheets', 'refused-sources.sql')
    await write(page, 'select 1 as one')
    await page.getByRole('combobox', { name: 'Dialect' }).selectOption('trino')
    await page.reload()
    await expect.poll(() => textIn(page)).toEqual(['select 1 as one'])
    await page.keyboard.press('Control+s')
    await page.getByLabel('Name of the worksheet').fill('Refused sources')
    await page.keyboard.press('Enter')
    await expect.poll(() => new URL(page.url()).pathname).toBe('/worksheets/refused-sources')
    expect(await readFile(file, 'utf8')).toBe('/*---\ntitle: Refused sources\ndialect: trino\n---*/\nselect 1 as one')

    await write(page, 'select 2 as two')
    await page.getByText('Not saved').waitFor()
    await page.reload()
    await expect.poll(() => textIn(page)).toEqual(['select 2 as two'])
    expect(await page.getByRole('combobox', { name: 'Dialect' }).inputValue()).toBe('trino')
    await page.getByRole('button', { name: 'Save', exact: true }).click()
    await page.getByText('Saved', { exact: true }).waitFor()
    expect(await readFile(file, 'utf8')).toContain('select 2 as two')

    await page.getByRole('button', { name: 'New', exact: true }).click()
    await expect.poll(() => new URL(page.url()).pathname).toBe('/worksheets')
    expect(await page.locator('.cm-placeholder').count()).toBe(1)
    await page.getByRole('button', { name: 'Refused sources' }).click()
    await expect.poll(() => textIn(page)).toEqual(['select 2 as two'])
    await page.getByRole('button', { name: 'Worksheet: more' }).click()
    await page.getByRole('menuitem', { name: 'Rename' }).click()
    await page.getByLabel('Name of the worksheet').fill('Two')
    await page.keyboard.press('Enter')
    await page.getByRole('heading', { name: 'Two' }).waitFor()
    expect(await readFile(file, 'utf8')).toContain('title: Two\n')
    expect(faults).toEqual([])
  })

  test('what was run is in the history, after a reload too, and comes back by a click', async () => {
    const { page, faults } = await stage.open('/worksheets')
    await write(page, 'select 42 as answer')
    await run(page)
    await page.getByText(/^1 row in/).waitFor()
    await write(page, 'select nothing')
    await run(page)
    await page.getByRole('alert').waitFor()
    await page.reload()
    await page.getByText('History', { exact: true }).click()
    const past = page.locator('.side-item.past:visible')
    expect((await past.allInnerTexts()).map((text) => text.replaceAll(/\s+/g, ' '))).toEqual([
      expect.stringMatching(/^select nothing .* failed/),
      expect.stringMatching(/^select 42 as answer .* 1 row /),
    ])
    await past.nth(1).click()
    await expect.poll(() => textIn(page)).toEqual(['select 42 as answer'])
    await page.keyboard.press('Control+z')
    await expect.poll(() => textIn(page)).toEqual(['select nothing'])
    expect(withoutRefusals(faults)).toEqual([])
  })

  test('a named query is found, run by its form, and opened as SQL', async () => {
    const { page, faults } = await stage.open('/worksheets')
    await page.getByText('Queries', { exact: true }).click()
    await page.getByRole('searchbox', { name: 'Find' }).fill('top source')
    const queries = page.locator('.side-item:visible')
    await expect.poll(() => queries.allInnerTexts()).toContain('Top talkers by source')
    expect(await queries.count()).toBeLessThan(8)
    await queries.filter({ hasText: /^Top talkers by source$/ }).click()
    await page.getByText('Which addresses sent the most bytes that were let through?').waitFor()
    await page.getByText(/^10 rows in/).waitFor()
    await page.getByLabel('limit').fill('3')
    await page.keyboard.press('Enter')
    await page.getByText(/^3 rows in/).waitFor()
    expect(new URL(page.url()).searchParams.get('query')).toBe('top-sources')
    await page.getByRole('button', { name: 'Open as SQL' }).click()
    await expect.poll(async () => (await textIn(page)).at(-1)).toBe('limit 3')
    await run(page)
    await page.getByText(/^3 rows in/).waitFor()
    expect(faults).toEqual([])
  })

  test('a statement of another dialect says so, and runs as it', async () => {
    const { page, faults } = await stage.open('/worksheets')
    await write(page, "select dateadd(day, 1, timestamp '2026-11-20 00:00:00') as then")
    await run(page)
    await page.getByRole('button', { name: 'Run it as Snowflake' }).click()
    await page.getByText(/^1 row in/).waitFor()

    expect(await cell(page, 0, 0)).toContain('2026-11-21')
    expect(await page.getByRole('combobox', { name: 'Dialect' }).inputValue()).toBe('snowflake')
    expect(withoutRefusals(faults)).toEqual([])
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
