import { mkdir, readFile, writeFile } from 'node:fs/promises'
import { createServer, type Server } from 'node:http'
import { join } from 'node:path'
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest'
import { axeFaults } from './axe.ts'
import { hasBrowser, openStage, type Stage, untilShown } from './journey.ts'

const script = '<script>alert(1)</script>'
const turned = 'invoice\u202Efdp.exe'

function accessLine(second: number, requester: string, key: string, agent: string): string {
  const time = new Date(Date.now() - 86_400_000).toUTCString().slice(5, 16).replaceAll(' ', '/')
  const clock = `12:00:${String(second).padStart(2, '0')}`
  return `79a59df900b949e55d96a1e698fbacedfd6e09d98eacf8f8d5218e7cd47ef2be bucket [${time}:${clock} +0000] 192.0.2.3 ${requester} 3E57427F3EXAMPLE${second} REST.DELETE.OBJECT ${key} "DELETE /bucket/x HTTP/1.1" 204 - - 10 70 10 "-" "${agent}" - s9lzHYrFp76ZVxRcpX9 SigV4 TLS_AES_128_GCM_SHA256 AuthHeader bucket.s3.us-west-1.amazonaws.com TLSv1.3 - - us-west-1\n`
}

describe.runIf(hasBrowser)('hostile surroundings', { timeout: 180_000 }, () => {
  let stage: Stage
  let evil: Server

  beforeAll(async () => {
    stage = await openStage()
    const logs = join(stage.directory, 'logs')
    await mkdir(logs)
    const lines = [
      accessLine(1, 'arn:aws:iam::123456789012:user/alice', '=cmd%7C!A1', script),
      accessLine(2, script.replaceAll(' ', ''), encodeURIComponent(turned), 'aws-cli'),
      accessLine(3, 'b'.repeat(5000), 'k', 'A'.repeat(900_000)),
      accessLine(4, '{style|red}<img/src=x/onerror=alert(2)>', 'k2', 'aws-cli'),
    ]
    await writeFile(join(logs, 'hostile.log'), lines.join(''))
    await stage.lake.load(logs, { type: 's3-access-logs' })
    evil = createServer((_, response) => {
      response.setHeader('content-type', 'text/html')
      response.end('<!doctype html><title>elsewhere</title>')
    })
    await new Promise<void>((resolve) => evil.listen(0, '127.0.0.1', resolve))
  })

  afterEach(() => stage.closePages())

  afterAll(async () => {
    evil.close()
    await stage.close()
  })

  test('what logs hold is shown as text, with what turns or hides it seen', async () => {
    const { page, faults } = await stage.open('/dashboards/s3-access-overview')
    const table = page.locator('[data-tile="last-deletes"] table')
    await table.waitFor()
    const text = await table.innerText()

    expect(text).toContain(script)
    expect(text).toContain(String.raw`invoice\u202efdp.exe`)
    expect(text).not.toContain('\u202E')
    expect(text.length).toBeLessThan(4000)
    expect(await page.locator('main script, main img').count()).toBe(0)
    await page.locator('[data-tile="requests-by-address"] .bar').first().click()
    await page.getByRole('dialog').locator('tbody tr').first().waitFor()
    expect(await page.getByRole('dialog').innerText()).toContain(script)
    expect(faults).toEqual([])
  })

  test('CSV and PNG of a tile are safe to open', async () => {
    const { page, faults } = await stage.open('/dashboards/s3-access-overview')
    const get = async (tile: string, item: string): Promise<Buffer> => {
      const menu = page.locator(`[data-tile="${tile}"]`).getByRole('button', { name: /actions/ })
      await page.locator(`[data-tile="${tile}"] .tile-body > :not(.skeleton)`).first().waitFor()
      await menu.click()
      const [file] = await Promise.all([
        page.waitForEvent('download'),
        page.getByRole('menuitem', { name: item }).click(),
      ])
      return readFile(await file.path())
    }
    const csv = (await get('last-deletes', 'CSV file')).toString()
    const png = await get('requests-over-time', 'PNG image')

    expect(csv).toContain(",'=cmd|!A1,")
    expect(csv).not.toMatch(/(^|,)"?=/m)
    expect(png.subarray(1, 4).toString()).toBe('PNG')
    expect(png.length).toBeGreaterThan(3000)
    expect(faults).toEqual([])
  })

  test('a page of another server on this machine can neither ask nor read', async () => {
    const { page } = await stage.open('/')
    const address = evil.address()
    await page.goto(`http://127.0.0.1:${typeof address === 'object' && address !== null ? address.port : 0}/`)
    const attempt = (init: string): Promise<unknown> =>
      page.evaluate(
        `fetch('${stage.server.url}/v1/query', ${init}).then((answer) => answer.text(), (error) => 'refused: ' + error.name)`,
      )

    const body = JSON.stringify(JSON.stringify({ sql: 'select 1' }))
    expect(
      await attempt(
        `{ method: 'POST', credentials: 'include', body: ${body}, headers: { 'content-type': 'application/json' } }`,
      ),
    ).toBe('refused: TypeError')
    expect(await attempt(`{ method: 'POST', credentials: 'include', mode: 'no-cors', body: ${body} }`)).toBe(
      'refused: TypeError',
    )
    expect(
      await page.evaluate(
        `fetch('${stage.server.url}/v1/status', { credentials: 'include' }).then((answer) => answer.text(), (error) => 'refused: ' + error.name)`,
      ),
    ).toBe('refused: TypeError')
  })

  test('a name that was rebound to this machine gets nothing', async () => {
    const { port } = new URL(stage.server.url)
    const { page } = await stage.open('/healthz')
    const answer = await page.goto(`http://rebound.example:${port}/`)

    expect(answer?.status()).toBe(403)
    expect(await page.content()).not.toContain('id="page"')
  })

  test.each(['light', 'dark'] as const)('axe-core finds nothing serious, %s', async (colorScheme) => {
    for (const name of ['vpc-overview', 's3-access-overview', 'lake-health']) {
      const { page } = await stage.open(`/dashboards/${name}`, { colorScheme })
      await untilShown(page)
      expect([name, await axeFaults(page)]).toEqual([name, []])
      await page.context().close()
    }
    const { page } = await stage.open('/dashboards/s3-access-overview', { colorScheme })
    await page.locator('[data-tile="requests-by-address"] .bar').first().click()
    await page.getByRole('dialog').locator('tbody tr').first().waitFor()
    expect(['records', await axeFaults(page)]).toEqual(['records', []])
    await page.keyboard.press('Escape')
    await page.getByLabel('Add a tile').click()
    await page
      .getByLabel('SQL statement')
      .fill('select remoteip, count(*) as requests from s3_access_logs group by all')
    await page.getByRole('button', { name: 'Run' }).click()
    await page.getByLabel('Chart type').waitFor()
    expect(['editor', await axeFaults(page)]).toEqual(['editor', []])
  })

  test.each(['vpc-overview', 's3-access-overview', 'lake-health'])('%s fits a phone', async (name) => {
    const { page, faults } = await stage.open(`/dashboards/${name}`, { viewport: { width: 360, height: 740 } })
    await untilShown(page)

    expect(await page.evaluate('document.documentElement.scrollWidth')).toBe(360)
    const narrowest = "Math.min(...[...document.querySelectorAll('.tile')].map((tile) => tile.clientWidth))"
    expect(await page.evaluate(narrowest)).toBeGreaterThan(300)
    expect(faults).toEqual([])
  })

  test('the page is Japanese for who reads Japanese, and keeps what was chosen', async () => {
    const { page, faults } = await stage.open('/', { locale: 'ja-JP' })
    await page.getByRole('heading', { name: 'VPC の概要' }).waitFor()
    await page.getByRole('button', { name: 'Show in English' }).click()
    await page.reload()

    await page.getByRole('heading', { name: 'VPC overview' }).waitFor()
    expect(await page.evaluate('document.documentElement.lang')).toBe('en')
    expect(faults).toEqual([])
  })
})
