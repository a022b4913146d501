// Streams and tasks: what idle runs leave behind, what it takes to ask a stream whether it has data, and what consuming one takes from a load.
import { dirname } from 'node:path'
import { filesBelow, input } from './inputs.mjs'
import { mebibytes, median, runScript, sideBySide, warm } from './measure.mjs'
import { chosen, readOptions } from './options.mjs'
import { count, duration, rate, report, times, verdict } from './report.mjs'

const options = readOptions(5)
const parts = [
  { name: 'idle', measure: idle },
  { name: 'has-data', measure: hasData },
  { name: 'beside', measure: besideLoading },
]
const rows = []
for (const { measure } of chosen(parts, options.only)) rows.push(await measure())
report('tasks', options, rows)

async function idle() {
  const runs = Math.max(100, Math.round(10_000 * options.scale))
  const { before, after, counted, seconds } = await runScript('idle-tasks', { runs })
  if (counted < runs) throw new Error('Not every run was counted.')
  const [memory, files] = ['memory', 'files'].map((key) => after[key] - before[key])
  return {
    work: `${count(runs)} runs of a task with nothing to do`,
    millrace: `files ${count(files)} bytes more, memory ${mebibytes(memory)} more (${mebibytes(before.memory)} before); ${duration(seconds / runs)} a run`,
    must: 'as before',
    so: verdict([files === 0 && memory < 8 * 1048576], []),
    figures: { before, after, seconds },
    runs: {},
  }
}

async function hasData() {
  const large = Math.max(2000, Math.round(50_000_000 * options.scale))
  const few = await runScript('stream-data', { rows: 1000 })
  const many = await runScript('stream-data', { rows: large })
  const share = many.nothing / few.nothing
  return {
    work: `system$stream_has_data on ${count(large)} rows against 1,000`,
    millrace: `${duration(many.nothing)} against ${duration(few.nothing)}: **${times(share)}**; with a row that is new ${duration(many.something)} and ${duration(few.something)}`,
    must: 'the same',
    so: verdict([share < 1.25], []),
    figures: { few, many, share },
    runs: {},
  }
}

async function besideLoading() {
  const pace = 200_000
  const logs = await input('flow-default', 1)
  await warm(logs.folder)
  const source = dirname(filesBelow(logs.folder)[0])
  const side = (name, consumes, linesPerSecond) => ({
    name,
    run: () =>
      runScript('consumed-load', {
        source,
        consumes,
        linesPerSecond,
        everySeconds: 10,
        filesAtOnce: 5,
        seconds: Math.max(5, 60 * options.scale),
      }),
  })
  const runs = await sideBySide(
    [
      side('alone', undefined),
      side('filtered', "raw like '% REJECT %'"),
      side('all', 'true'),
      side('paced', undefined, pace),
      side('paced-all', 'true', pace),
    ],
    options.runs,
  )
  const rates = Object.fromEntries(
    Object.entries(runs).map(([name, list]) => [name, median(list.map(({ lines, seconds }) => lines / seconds))]),
  )
  const slower = (name, than) => 1 - rates[name] / rates[than]
  const percent = (share) => `${Math.round(share * 100)} % slower`
  const consumed = (name) => median(runs[name].map((run) => run.runs))
  const found = {
    filtered: slower('filtered', 'alone'),
    all: slower('all', 'alone'),
    paced: slower('paced-all', 'paced'),
  }
  return {
    work: 'COPY of raw lines into a staging table for a minute, beside a task that reads its stream every 10 s',
    millrace: `where ${count(pace)} lines come a second, every line moved on: ${rate(rates['paced-all'], 1)}, **${percent(found.paced)}** than alone (${consumed('paced-all')} runs); where as many come as can be loaded, alone ${rate(rates.alone, 1)}, rejected traffic moved on ${percent(found.filtered)}, every line moved on ${percent(found.all)}`,
    must: '15 % at 200 k/s',
    so: verdict([rates.filtered >= 200_000 && found.filtered <= 0.15, found.paced <= 0.15], []),
    figures: { rates, slower: found },
    runs,
  }
}
