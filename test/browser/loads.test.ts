import { mkdir, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { axeFaults } from './axe.ts'
import { hasBrowser, openStage, type Stage } from './journey.ts'

const hostile = 'GET \u001B[31m\u202E<script>alert(1)</script>'

describe.skipIf(!hasBrowser)('the page of loads', () => {
  let stage: Stage

  beforeAll(async () => {
    stage = await openStage()
  })

  afterAll(async () => {
    await stage.close()
  })

  test('says what to do while nothing is loaded', async () => {
    const { page, faults } = await stage.open('/loads')

    await page.getByText('millrace load ./AWSLogs').waitFor()
    expect(faults).toEqual([])
  })

  test('shows history, the rejects of a file, and what a replay makes of them', async () => {
    const folder = join(stage.directory, 'logs')
    await mkdir(folder)
    const short = [1, 2, 3].map((host) => `eni-0a 10.1.1.${host} 10.2.2.2 1795262210 1795262270 ACCEPT`)
    const whole = '2 123456789012 eni-0a 10.1.1.9 10.2.2.2 1 2 6 1 1 1795262210 1795262270 ACCEPT OK'
    await writeFile(join(folder, 'mixed.log'), `${[...short, whole, hostile, 'x'.repeat(4000)].join('\n')}\n`)
    await writeFile(join(folder, 'good.log'), `${whole}\n`)
    await stage.lake.load(folder, { type: 'vpc-flow-logs' })
    const { page, faults } = await stage.open('/loads')

    await page.getByRole('row').nth(2).waitFor()
    await page.getByRole('combobox', { name: 'Status' }).selectOption('partial')
    await page.getByRole('button', { name: 'good.log' }).waitFor({ state: 'detached' })
    expect(new URL(page.url()).search).toBe('?status=partial')
    await page.getByRole('button', { name: 'mixed.log' }).click()

    const panel = page.getByRole('dialog')
    await panel.locator('li').nth(4).waitFor()
    expect(await panel.locator('li').nth(3).locator('code').textContent()).toBe(
      String.raw`GET \x1b[31m\u202e<script>alert(1)</script>`,
    )
    await panel.getByRole('button', { name: 'Show all 4,000 characters' }).click()
    expect(await panel.locator('li').nth(4).locator('code').textContent()).toHaveLength(4000)

    const format = panel.getByRole('textbox')
    await format.fill('1.2.3.4')
    await format.press('Enter')
    await panel.getByRole('alert').filter({ hasText: 'found "1.2.3.4"' }).waitFor()
    await format.fill('interface-id srcaddr dstaddr start end action')
    await panel.getByRole('button', { name: 'Replay' }).click()
    await panel.getByText('5 lines read again: 3 became rows, 2 are still rejects.').waitFor()
    await panel.locator('li').nth(2).waitFor({ state: 'detached' })

    const rows = await stage.lake.query<{ srcaddr: string }>(
      "select srcaddr from vpc_flow_logs where srcaddr like '10.1.1.%' order by srcaddr",
    )
    expect((await rows.all()).map(({ srcaddr }) => srcaddr)).toEqual([
      '10.1.1.1',
      '10.1.1.2',
      '10.1.1.3',
      '10.1.1.9',
      '10.1.1.9',
    ])
    await page.keyboard.press('Escape')
    await panel.waitFor({ state: 'detached' })
    expect(faults.filter((fault) => !fault.includes('400'))).toEqual([])
  })

  test('fits a phone', async () => {
    const { page } = await stage.open('/loads', { viewport: { width: 390, height: 844 } })

    await page.getByRole('row').nth(1).waitFor()
    expect(await page.evaluate('document.documentElement.scrollWidth - innerWidth')).toBeLessThanOrEqual(0)
  })

  test.each(['light', 'dark'] as const)('axe-core finds nothing serious, %s', async (colorScheme) => {
    const { page } = await stage.open('/loads', { colorScheme })
    await page.getByRole('button', { name: 'mixed.log' }).waitFor()
    expect(['history', await axeFaults(page)]).toEqual(['history', []])
    await page.getByRole('button', { name: 'mixed.log' }).click()
    await page.getByRole('dialog').locator('li').first().waitFor()
    expect(['file', await axeFaults(page)]).toEqual(['file', []])
    await page.goto(new URL('/loads?view=rejects', page.url()).href)
    await page.locator('main li').first().waitFor()
    expect(['rejects', await axeFaults(page)]).toEqual(['rejects', []])
  })
})
