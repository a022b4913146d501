import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest'
import { generate } from '../../src/generate/generate.ts'
import { hasBrowser, openStage, type Stage } from './journey.ts'
import { cell, run, textIn, withoutRefusals, write } from './worksheet-page.ts'

describe.runIf(hasBrowser)('worksheets', { timeout: 180_000 }, () => {
  let stage: Stage

  beforeAll(async () => {
    stage = await openStage()
    const logs = join(stage.directory, 'logs')
    await generate(logs, { type: 'vpc-flow-logs', rows: 20_000, files: 8, seed: 21 })
    await stage.lake.load(logs)
  })

  afterEach(() => stage.closePages())
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
})
