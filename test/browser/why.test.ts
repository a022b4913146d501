import { mkdir, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { axeFaults } from './axe.ts'
import { hasBrowser, openStage, type Stage } from './journey.ts'

describe.skipIf(!hasBrowser)('the page that says why', () => {
  let stage: Stage

  beforeAll(async () => {
    stage = await openStage()
    const folder = join(stage.directory, 'logs')
    await mkdir(folder)
    const start = Math.floor(Date.now() / 1000) - 3600
    const record = (eni: string, source: string, destination: string, action: string): string =>
      `2 123456789012 ${eni} ${source} ${destination} 40000 5432 6 3 180 ${start} ${start + 60} ${action} OK`
    const records = [
      record('eni-0source', '10.0.1.50', '10.0.2.90', 'ACCEPT'),
      record('eni-0destination', '10.0.1.50', '10.0.2.90', 'REJECT'),
      record('eni-0source', '10.0.1.50', '10.0.3.3', 'ACCEPT'),
      record('eni-0destination', '10.0.9.9', '10.0.2.90', 'ACCEPT'),
    ]
    await writeFile(join(folder, 'planted.log'), `${records.join('\n')}\n`)
    await stage.lake.load(folder, { type: 'vpc-flow-logs' })
  })

  afterAll(async () => {
    await stage.close()
  })

  test('tells where a planted refusal happens, and keeps the question in the address', async () => {
    const { page, faults } = await stage.open('/why')
    const ask = page.getByRole('button', { name: 'Ask', exact: true })

    await page.getByRole('textbox', { name: 'Source' }).fill('web.example')
    await page.getByRole('textbox', { name: 'Destination' }).fill('10.0.2.90')
    await ask.click()
    await page.getByRole('alert').filter({ hasText: 'No IPv4 or IPv6 address' }).waitFor()
    expect(new URL(page.url()).search).toBe('')

    await page.getByRole('textbox', { name: 'Source' }).fill('10.0.1.50')
    await page.getByRole('textbox', { name: 'Port (optional)' }).fill('5432')
    await page.keyboard.press('Enter')
    const summary = 'Traffic from 10.0.1.50 to 10.0.2.90 port 5432 is rejected where it arrives.'
    await page.getByRole('heading', { name: summary }).waitFor()
    const request = page.getByRole('region', { name: 'Request' }).getByRole('listitem')
    expect(await request.nth(1).textContent()).toMatch(/eni-0source.*ACCEPT/)
    expect(await request.nth(2).textContent()).toMatch(/eni-0destination.*REJECT/)
    await page.getByText('Inbound rules of the security groups').waitFor()
    await page.getByText('As a table').click()
    expect(await page.getByRole('region', { name: 'What was recorded' }).getByRole('row').count()).toBe(3)

    const shared = await stage.open(new URL(page.url()).pathname + new URL(page.url()).search)
    await shared.page.getByRole('heading', { name: summary }).waitFor()
    expect([...faults, ...shared.faults]).toEqual([])
  })

  test('fits a phone', async () => {
    const { page } = await stage.open('/why?source=10.0.1.50&destination=10.0.2.90', {
      viewport: { width: 390, height: 844 },
    })

    await page.getByText('The latest records').waitFor()
    expect(await page.evaluate('document.documentElement.scrollWidth - innerWidth')).toBeLessThanOrEqual(0)
  })

  test.each(['light', 'dark'] as const)('axe-core finds nothing serious, %s', async (colorScheme) => {
    const { page } = await stage.open('/why', { colorScheme })
    await page.getByRole('button', { name: 'Ask', exact: true }).waitFor()
    expect(['form', await axeFaults(page)]).toEqual(['form', []])
    await page.goto(new URL('/why?source=10.0.1.50&destination=10.0.2.90', page.url()).href)
    await page.getByRole('region', { name: 'Request' }).waitFor()
    await page.getByText('As a table').click()
    expect(['answer', await axeFaults(page)]).toEqual(['answer', []])
  })
})
