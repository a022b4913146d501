// Load history with ten million objects: how long looking up a listing takes, and what memory an open lake takes more than an empty one.
import { rmSync } from 'node:fs'
import { join } from 'node:path'
import { runScript, sideBySide, mebibytes, median } from './measure.mjs'
import { dataFolder, readOptions } from './options.mjs'
import { count, duration, report, verdict } from './report.mjs'

const must = { milliseconds: 100, bytes: 200 * 2 ** 20 }
const aim = { milliseconds: 40 }

const options = readOptions(5)
const objects = Math.round(10_000_000 * options.scale)
const keys = Math.min(10_000, objects)
const empty = join(dataFolder(), 'history-empty')
const full = join(dataFolder(), `history-${objects}`)
for (const lake of [empty, full]) rmSync(lake, { recursive: true, force: true })
console.error(`Making a lake whose history holds ${count(objects)} objects …`)
await runScript('history-fill', { lake: empty, objects: 0, known: 0 })
await runScript('history-fill', { lake: full, objects, known: keys / 2 })

const runs = await sideBySide(
  [
    { name: 'empty', run: () => runScript('history-lookup', { lake: empty, objects, keys, known: 0 }) },
    { name: 'full', run: () => runScript('history-lookup', { lake: full, objects, keys, known: keys / 2 }) },
  ],
  options.runs,
)
for (const lake of [empty, full]) rmSync(lake, { recursive: true, force: true })

const first = of('full', 'seconds')
const more = of('full', 'peakRss') - of('empty', 'peakRss')
report('history', options, [
  {
    work: `history of ${count(objects)} objects: ${count(keys)} keys looked up, half known`,
    millrace: `${lookUps('full')}; most memory **+${mebibytes(more)}** (${mebibytes(of('full', 'peakRss'))})`,
    beside: `an empty lake: ${lookUps('empty')}; ${mebibytes(of('empty', 'peakRss'))}`,
    must: `${must.milliseconds} ms, +${mebibytes(must.bytes)}`,
    aim: `${aim.milliseconds} ms`,
    so: verdict([first * 1000 <= must.milliseconds, more <= must.bytes], [first * 1000 <= aim.milliseconds]),
    figures: {
      objects,
      keys,
      firstSeconds: first,
      againSeconds: of('full', 'againSeconds'),
      openedSeconds: of('full', 'openedSeconds'),
      moreBytes: more,
    },
    runs,
  },
])

function lookUps(side) {
  return `first of a process **${duration(of(side, 'seconds'))}**, again **${duration(of(side, 'againSeconds'))}**`
}

function of(side, key) {
  return median(runs[side].map((run) => run[key]))
}
