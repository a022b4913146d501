// Opens the VPC overview in an empty browser: of a server that has just started, then of the same server again.
import { setTimeout as pause } from 'node:timers/promises'
import { chromium } from 'playwright-core'
import { serve } from './serving.mjs'
import { answer, options } from './timed.mjs'

const server = await serve(options.folder)
const address = new URL('/dashboards/vpc-overview', server.url)
address.search = new URLSearchParams(options.range).toString()
const browser = await chromium.launch({
  executablePath: process.env.MILLRACE_CHROMIUM ?? '/usr/bin/chromium',
  args: ['--no-sandbox', '--disable-gpu', '--no-first-run', '--disable-background-networking'],
})
// Started, and left alone, both.
await pause(2000)
const cold = await open()
const kept = await open()
await browser.close()
await server.stop()
const named = (part, found) => Object.fromEntries(Object.entries(found).map(([key, value]) => [part + key, value]))
answer({ ...named('cold', cold), ...named('kept', kept), seconds: cold.Four, cpuSeconds: 0, peakRss: 0 })

async function open() {
  const context = await browser.newContext({ viewport: { width: 1400, height: 900 } })
  const page = await context.newPage()
  await page.goto(address.href, { waitUntil: 'commit' })
  const found = await page.evaluate(watch, options.tiles)
  await context.close()
  return found
}

/** Runs in the page. Seconds since its navigation began. */
async function watch(names) {
  const drawn = (name) => document.querySelector(`[data-tile="${name}"] .bar`) !== null
  const frame = () => new Promise((resolve) => requestAnimationFrame(resolve))
  const seen = {}
  const note = (key, holds) => {
    if (holds && seen[key] === undefined) seen[key] = performance.now() / 1000
  }
  const isWhole = () =>
    document.querySelectorAll('.tile').length > names.length && document.querySelectorAll('.skeleton').length === 0
  while (seen.All === undefined) {
    await frame()
    note('First', names.some(drawn))
    note('Four', names.every(drawn))
    note('All', isWhole())
  }
  const [text] = performance.getEntriesByName('first-contentful-paint')
  return { ...seen, Text: text.startTime / 1000 }
}
