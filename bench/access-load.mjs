// S3 server access logs to committed rows, against GoAccess, which reads the same lines into a report.
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { filesBelow, input } from './inputs.mjs'
import { loadWithMillrace } from './loads.mjs'
import { drop, runCommand, scratch, sideBySide, summarise, warm } from './measure.mjs'
import { readOptions } from './options.mjs'
import { count, goAccessVersion, megabytes, rate, report, timing, verdict } from './report.mjs'

const must = { rate: 250_000, timesAsFast: 3 }
const aim = { rate: 350_000 }

const options = readOptions(3)
const logs = await input('access', options.scale)
await warm(logs.folder)
const sides = [{ name: 'Millrace', run: () => loadWithMillrace(logs) }]
if (goAccessVersion() === undefined) {
  console.error('GoAccess is not there: install it ("apt-get install goaccess"). Millrace runs alone.')
} else sides.push({ name: 'GoAccess', run: () => reportWithGoAccess() })
const runs = await sideBySide(sides, options.runs)

const own = summarise(runs.Millrace)
const other = runs.GoAccess && summarise(runs.GoAccess)
const timesAsFast = other && other.seconds / own.seconds
const perSecond = logs.rows / own.seconds
const failedLines = runs.GoAccess?.[0].failedLines
report('access-load', options, [
  {
    work: `access logs, ${count(logs.rows)} lines with a random host id each, 2 % hard to read, ${count(logs.files)} plain files (${megabytes(logs.textBytes)})`,
    millrace: `${timing(own)}; **${rate(logs.rows, own.seconds)}**`,
    beside:
      other &&
      `GoAccess ${timing(other)}, ${count(failedLines)} lines not understood; Millrace is **${timesAsFast.toFixed(1)}** times as fast`,
    must: `${rate(must.rate, 1)}, ${must.timesAsFast} times as fast as GoAccess`,
    aim: rate(aim.rate, 1),
    so: verdict([perSecond >= must.rate, timesAsFast && timesAsFast >= must.timesAsFast], [perSecond >= aim.rate]),
    figures: { input: logs, millrace: own, goAccess: other, timesAsFast, failedLines },
    runs,
  },
])

async function reportWithGoAccess() {
  const folder = scratch('goaccess')
  try {
    const target = join(folder, 'report.json')
    const result = await runCommand('goaccess', [
      ...filesBelow(logs.folder),
      '--no-global-config',
      '--log-format=AWSS3',
      '-o',
      target,
    ])
    const { general } = JSON.parse(readFileSync(target, 'utf8'))
    // It takes a line of more than 4 kB for two.
    if (general.total_requests < logs.rows)
      throw new Error(`GoAccess read ${general.total_requests} lines of ${logs.rows}.`)
    return { ...result, failedLines: general.failed_requests }
  } finally {
    drop(folder)
  }
}
