import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { pino } from 'pino'
import { type Browser, type BrowserContextOptions, chromium, type Page } from 'playwright-core'
import { expect } from 'vitest'
import { type OpenLake, openLake } from '../../src/lake.ts'
import { type RunningServer, startServer } from '../../src/server/server.ts'

/** Browser tests need Debian's Chromium; they run when this is set. */
export const hasBrowser: boolean = process.env['MILLRACE_TEST_BROWSER'] === '1'

const flags = [
  '--no-sandbox',
  '--disable-gpu',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
  // As a rebinding attack has it: a name of somebody else that leads here.
  '--host-resolver-rules=MAP rebound.example 127.0.0.1',
]

/** A page in a browser, and what went wrong in it. */
export interface OpenPage {
  readonly page: Page
  /** Errors of scripts, refusals by the Content-Security-Policy, requests to elsewhere, dialogs. */
  readonly faults: string[]
}

/** A served lake and a browser to look at it. */
export interface Stage {
  readonly directory: string
  readonly lake: OpenLake
  readonly server: RunningServer
  open(path: string, options?: BrowserContextOptions): Promise<OpenPage>
  /** Of the tests so far: pages that stay open ask again with each load, and those of the next test wait behind them. */
  closePages(): Promise<void>
  close(): Promise<void>
}

/** Serves a lake; an empty one of its own where none is given, which it closes at the end. */
export async function openStage(given?: OpenLake): Promise<Stage> {
  const directory = await mkdtemp(join(tmpdir(), 'millrace-browser-'))
  const lake = given ?? (await openLake(join(directory, 'lake')))
  const server = await startServer(lake, { host: '127.0.0.1', port: 0, log: pino({ level: 'silent' }) })
  const browser: Browser = await chromium.launch({
    executablePath: process.env['MILLRACE_CHROMIUM'] ?? '/usr/bin/chromium',
    args: flags,
  })
  return {
    directory,
    lake,
    server,
    open: async (path, options = {}) => {
      const context = await browser.newContext({ viewport: { width: 1400, height: 900 }, locale: 'en-US', ...options })
      const page = await context.newPage()
      const faults: string[] = []
      page.on('pageerror', (error) => faults.push(error.message))
      page.on('console', (message) => {
        if (message.type() === 'error') faults.push(message.text())
      })
      page.on('request', (request) => {
        if (!/^(blob:)?http:\/\/(127\.0\.0\.1|rebound\.example)[:/]/.test(request.url())) faults.push(request.url())
      })
      page.on('dialog', (dialog) => {
        faults.push(`dialog: ${dialog.message()}`)
        void dialog.dismiss()
      })
      await page.goto(new URL(path, server.url).href)
      return { page, faults }
    },
    closePages: async () => {
      for (const context of browser.contexts()) await context.close()
    },
    close: async () => {
      await browser.close()
      await server.stop()
      if (given === undefined) await lake.close()
      await rm(directory, { recursive: true, force: true })
    },
  }
}

/** Waits until every tile of a dashboard shows its answer. */
export async function untilShown(page: Page): Promise<void> {
  await page.locator('.tile').first().waitFor()
  await expect.poll(() => page.locator('.skeleton').count(), { timeout: 30_000 }).toBe(0)
}

/** The bars of a tile as `name value`. */
export async function barsIn(page: Page, tile: string): Promise<string[]> {
  const names = await page.locator(`[data-tile="${tile}"] .bar-name`).allTextContents()
  const values = await page.locator(`[data-tile="${tile}"] .bar-value`).allTextContents()
  return names.map((name, index) => `${name} ${values[index] ?? ''}`)
}
