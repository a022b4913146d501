// Many small gzip files to committed rows: what a file costs.
import { input } from './inputs.mjs'
import { loadWithMillrace } from './loads.mjs'
import { sideBySide, summarise, warm } from './measure.mjs'
import { readOptions } from './options.mjs'
import { count, rate, report, timing, verdict } from './report.mjs'

const must = 10_000
const aim = 30_000

const options = readOptions(3)
const logs = await input('small-files', options.scale)
await warm(logs.folder)
const runs = await sideBySide([{ name: 'Millrace', run: () => loadWithMillrace(logs) }], options.runs)

const own = summarise(runs.Millrace)
const perSecond = logs.files / own.seconds
report('small-files', options, [
  {
    work: `${count(logs.files)} gzip files of 20 flow log records and a header`,
    millrace: `${timing(own)}; **${count(Math.round(perSecond))} files/s**, ${rate(logs.rows, own.seconds)}`,
    must: `${count(must)} files/s`,
    aim: `${count(aim)} files/s`,
    so: verdict([perSecond >= must], [perSecond >= aim]),
    figures: { input: logs, millrace: own, filesPerSecond: perSecond },
    runs,
  },
])
