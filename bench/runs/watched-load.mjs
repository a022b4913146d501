// Loads into a served lake while dashboards of clients are open: the time of the load, as its client sees it.
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as pause } from 'node:timers/promises'
import { openPage, serve } from './serving.mjs'
import { answer, options } from './timed.mjs'

/** As the page does: it asks for the version this often, and for its tiles at most this often. */
const pollMs = 4000
const paceMs = 10_000

const server = await serve(options.lake)
const page = await openPage(server.url)
const { dashboard } = await page.get('/dashboards/vpc-overview')
let answers = 0
let isOver = false
const watchers = Array.from({ length: options.dashboards }, (_, index) => watch(index))
// Each has been looked at once, so that what follows is refreshing.
await Promise.all(watchers.map(({ isOpen }) => isOpen))
answers = 0
const { token } = JSON.parse(readFileSync(join(options.lake, 'server.json'), 'utf8'))
const start = performance.now()
const cpu = processorTime(server.pid)
const response = await fetch(new URL('/v1/load', server.url), {
  method: 'POST',
  body: JSON.stringify({ source: options.source }),
  headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json' },
})
const lines = (await response.text()).trimEnd().split('\n')
const seconds = (performance.now() - start) / 1000
const cpuSeconds = processorTime(server.pid) - cpu
isOver = true
const meanwhile = answers
await Promise.all(watchers.map(({ done }) => done))
await server.stop()
answer({ seconds, cpuSeconds, peakRss: 0, answers: meanwhile, summary: JSON.parse(lines.at(-1)).summary })

/** An open dashboard. With ranges of their own, no two ask the same. */
function watch(index) {
  const from = options.range.from.replace('00:00:00', `00:${String(options.ownRanges ? index : 0).padStart(2, '0')}:00`)
  const scope = { from, to: options.range.to, filters: [] }
  let opened
  const isOpen = new Promise((resolve) => {
    opened = resolve
  })
  const run = async () => {
    let shown
    let shownAt = -Infinity
    while (!isOver) {
      const { version } = await page.get('/version')
      if (version !== null && version !== shown && performance.now() - shownAt >= paceMs) {
        const isRefresh = shown !== undefined
        shownAt = performance.now()
        shown = version
        await Promise.all(dashboard.tiles.map((tile) => refresh(tile, scope, isRefresh)))
        opened()
      }
      if (!isOver) await pause(pollMs)
    }
  }
  return { isOpen, done: run() }
}

async function refresh({ sql, query, parameters }, scope, isRefresh) {
  const asked = query === undefined ? { sql } : { name: query, parameters }
  await page.ask({ ...asked, scope, maxRows: 10_000, refresh: isRefresh })
  answers++
}

function processorTime(pid) {
  const fields = readFileSync(`/proc/${pid}/stat`, 'utf8')
    .replace(/^.*\) /s, '')
    .split(' ')
  return (Number(fields[11]) + Number(fields[12])) / 100
}
