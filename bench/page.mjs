// The page over 20 M rows: its first paint, the four published tiles against ClickHouse, kept answers, and loading beside open dashboards.
import { cpSync, rmSync } from 'node:fs'
import { availableParallelism } from 'node:os'
import { join } from 'node:path'
import { hasClickHouse } from './clickhouse.mjs'
import { input } from './inputs.mjs'
import { loadWithClickHouse, loadWithMillrace } from './loads.mjs'
import { drop, median, runScript, sideBySide, summarise } from './measure.mjs'
import { chosen, dataFolder, readOptions } from './options.mjs'
import { count, duration, report, times, timing, verdict } from './report.mjs'

/** Seconds, or shares of the time of the other side. */
const must = { paint: 1.5, tiles: 1.5, kept: 0.05, loading: 1.2 }

const options = readOptions(3)
const logs = await input('talkers', options.scale)
const folders = { lake: join(dataFolder(), 'page-lake'), clickHouse: join(dataFolder(), 'page-clickhouse') }
/** All records, whenever the benchmark runs. */
const range = { from: '2026-10-01 00:00:00', to: '2026-11-10 00:00:00' }
const tiles = ['reject-count', 'talkers-by-source', 'talkers-by-destination', 'talkers-by-eni']

console.error(`Loading ${count(logs.rows)} records …`)
await loadWithMillrace(logs, folders.lake)
const parts = [
  { name: 'paint', measure: paint },
  { name: 'tiles', measure: fourTiles },
  { name: 'loading', measure: besideLoading },
]
const rows = []
for (const { measure } of chosen(parts, options.only)) rows.push(...(await measure()))
for (const folder of Object.values(folders)) drop(folder)
report('page', options, rows)

/** Cold: a server that has answered nothing, a browser that has seen nothing. Then again, in another browser, of the same server. */
async function paint() {
  const { Page: runs } = await sideBySide(
    [{ name: 'Page', run: () => runScript('first-paint', { folder: folders.lake, range, tiles }) }],
    options.runs,
  )
  const of = (key) => median(runs.map((run) => run[key]))
  const shown = (part) =>
    `words ${duration(of(`${part}Text`))}, first tile ${duration(of(`${part}First`))}, the four **${duration(of(`${part}Four`))}**, all ten ${duration(of(`${part}All`))}`
  return [
    {
      work: `first paint of the VPC overview over ${count(logs.rows)} rows, empty browser`,
      millrace: `answers kept: ${shown('kept')}; server just started: ${shown('cold')}`,
      must: `${must.paint} s`,
      so: verdict([of('keptFour') <= must.paint, of('coldFour') <= must.paint], []),
      figures: Object.fromEntries(
        ['Text', 'First', 'Four', 'All'].flatMap((key) => ['cold', 'kept'].map((part) => [part + key, of(part + key)])),
      ),
      runs,
    },
  ]
}

/** Side by side: all four at once over HTTP, and ClickHouse in process, one after the other on all cores. */
async function fourTiles() {
  const question = (view, within) => (column, measure, action) =>
    `select ${column}, ${measure} as measure from ${view} where ${within}action = '${action}' group by ${column} order by measure desc, ${column} limit 10`
  const questions = (ask) => [
    ask('srcaddr', 'count(srcaddr)', 'REJECT'),
    ask('srcaddr', 'sum(bytes)', 'ACCEPT'),
    ask('dstaddr', 'sum(bytes)', 'ACCEPT'),
    ask('interface_id', 'sum(bytes)', 'ACCEPT'),
  ]
  const sides = [
    {
      name: 'Millrace',
      run: () =>
        runScript('served-tiles', {
          folder: folders.lake,
          questions: questions(question('vpc_flow_view', '')),
          scope: { ...range, filters: [] },
          repeats: 9,
        }),
    },
  ]
  if (hasClickHouse()) {
    await loadWithClickHouse(logs, { merge: true, keepIn: folders.clickHouse })
    const within = `start >= '${range.from}' and start < '${range.to}' and `
    sides.push({
      name: 'ClickHouse',
      run: () =>
        runScript('clickhouse-tiles', {
          folder: folders.clickHouse,
          questions: questions(question('vpc_flow_logs', within)),
          threads: availableParallelism(),
        }),
    })
  }
  const runs = await sideBySide(sides, options.runs)
  const answers = Object.values(runs).flatMap((side) => side.map((run) => JSON.stringify(run.answers)))
  if (new Set(answers).size !== 1) throw new Error('The answers differ.')
  const own = summarise(runs.Millrace)
  const other = runs.ClickHouse && summarise(runs.ClickHouse)
  const share = other && own.seconds / other.seconds
  const kept = median(runs.Millrace.flatMap((run) => run.again))
  return [
    {
      work: `the four published tiles over ${count(logs.rows)} rows, first time of a process, over HTTP`,
      millrace: duration(own.seconds),
      beside: other && `ClickHouse ${duration(other.seconds)}; **${times(share)}**`,
      must: times(must.tiles),
      so: verdict([share && share <= must.tiles], []),
      figures: { millrace: own, clickHouse: other, share },
      runs,
    },
    {
      work: 'the four again, nothing new loaded',
      millrace: `**${duration(kept)}** for all four`,
      must: duration(must.kept),
      so: verdict([kept <= must.kept], []),
      figures: { kept },
      runs: {},
    },
  ]
}

/** As much again is loaded into the lake, with nobody looking, with twenty dashboards of one range, and with twenty of a range each. */
async function besideLoading() {
  const again = join(dataFolder(), 'page-again')
  const watched = join(dataFolder(), 'page-watched')
  rmSync(again, { recursive: true, force: true })
  cpSync(logs.folder, again, { recursive: true })
  const side = (name, dashboards, ownRanges) => ({
    name,
    run: async () => {
      drop(watched)
      cpSync(folders.lake, watched, { recursive: true })
      const result = await runScript('watched-load', { lake: watched, source: again, range, dashboards, ownRanges })
      if (result.summary.rows !== logs.rows) throw new Error(`${result.summary.rows} rows were loaded.`)
      return result
    },
  })
  const runs = await sideBySide(
    [side('nobody', 0, false), side('twenty alike', 20, false), side('twenty apart', 20, true)],
    options.runs,
  )
  for (const folder of [again, watched]) drop(folder)
  const [alone, alike, apart] = ['nobody', 'twenty alike', 'twenty apart'].map((name) => summarise(runs[name]))
  const shares = [alike, apart].map(({ seconds }) => seconds / alone.seconds)
  const answers = (name) => Math.round(median(runs[name].map((run) => run.answers)))
  return [
    {
      work: `loading ${count(logs.rows)} records beside 20 open dashboards of ten tiles, over ${count(logs.rows)} rows`,
      millrace: `alone ${timing(alone)}; all alike **${times(shares[0])}** (${answers('twenty alike')} answers meanwhile), each of its own range **${times(shares[1])}** (${answers('twenty apart')})`,
      must: times(must.loading),
      so: verdict(
        shares.map((share) => share <= must.loading),
        [],
      ),
      figures: { alone, alike, apart, shares },
      runs,
    },
  ]
}
