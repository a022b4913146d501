// The most memory that a load of ten gigabytes of text takes, in many files and in one.
import { statfsSync } from 'node:fs'
import { input } from './inputs.mjs'
import { loadWithMillrace } from './loads.mjs'
import { drop, mebibytes, sideBySide, summarise } from './measure.mjs'
import { chosen, dataFolder, readOptions } from './options.mjs'
import { count, megabytes, rate, report, timing, verdict } from './report.mjs'

const must = 1024 * 2 ** 20
const aim = 600 * 2 ** 20

const works = [
  { name: 'flow-10gb', title: 'flow logs in gzip files' },
  { name: 'flow-10gb-one-plain', title: 'flow logs as one plain file' },
  { name: 'flow-10gb-one-gzip', title: 'flow logs as one gzip file' },
  { name: 'access-10gb', title: 'access logs in plain files' },
  { name: 'access-10gb-one-plain', title: 'access logs as one plain file' },
]

const options = readOptions(1, { keep: { type: 'boolean' } })
const rows = []
for (const work of chosen(works, options.only)) rows.push(await measure(work))
report('memory', options, rows)

async function measure({ name, title }) {
  const { bavail, bsize } = statfsSync(dataFolder())
  const needed = 25e9 * options.scale
  if (bavail * bsize < needed) {
    throw new Error(
      `${dataFolder()} has ${megabytes(bavail * bsize)} free, and ${name} needs ${megabytes(needed)}. Name another folder in MILLRACE_BENCH_DATA.`,
    )
  }
  const logs = await input(name, options.scale)
  const runs = await sideBySide([{ name: `Millrace, ${name}`, run: () => loadWithMillrace(logs) }], options.runs)
  // The inputs of this benchmark are large, and made in minutes.
  if (options.keep !== true) drop(logs.place)
  const own = summarise(Object.values(runs)[0])
  return {
    work: `most memory while loading ${megabytes(logs.textBytes)} of text: ${title} (${count(logs.files)})`,
    millrace: `**${mebibytes(own.peakRss)}**; ${timing(own)}, ${rate(logs.rows, own.seconds)}`,
    must: mebibytes(must),
    aim: mebibytes(aim),
    so: verdict([own.peakRss <= must], [own.peakRss <= aim]),
    figures: { input: logs, millrace: own },
    runs,
  }
}
