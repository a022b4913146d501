// Flow logs to committed rows: 14 fields, 29 fields in mixed orders, and all 54, against ClickHouse; and what rejects cost.
import { hasClickHouse } from './clickhouse.mjs'
import { input } from './inputs.mjs'
import { loadWithClickHouse, loadWithMillrace } from './loads.mjs'
import { sideBySide, summarise, warm } from './measure.mjs'
import { chosen, readOptions } from './options.mjs'
import { count, megabytes, rate, report, times, timing, verdict } from './report.mjs'

/** Limits: records a second, and the time as a share of ClickHouse's. */
const works = [
  { name: 'flow-default', title: '14 fields', must: { rate: 1_100_000, share: 1 }, aim: { share: 0.75 } },
  {
    name: 'flow-v5',
    title: '29 fields, every file in an order of its own',
    byName: true,
    must: { rate: 700_000 },
    aim: { rate: 1_000_000 },
  },
  { name: 'flow-full', title: '54 fields', must: { rate: 300_000 }, aim: { rate: 400_000 } },
  { name: 'flow-rejects', title: '14 fields, 1 % of the lines unreadable', alone: true, must: {}, aim: {} },
]

const options = readOptions(3)
const withClickHouse = hasClickHouse()
const rows = []
for (const work of chosen(works, options.only)) rows.push(await measure(work))
report('flow-load', options, rows)

async function measure({ name, title, byName = false, alone = false, must, aim }) {
  const logs = await input(name, options.scale)
  await warm(logs.folder)
  const sides = [{ name: 'Millrace', run: () => loadWithMillrace(logs) }]
  if (withClickHouse && !alone) sides.push({ name: 'ClickHouse', run: () => loadWithClickHouse(logs, { byName }) })
  const runs = await sideBySide(sides, options.runs)
  const own = summarise(runs.Millrace)
  const other = runs.ClickHouse && summarise(runs.ClickHouse)
  const share = other && own.seconds / other.seconds
  return {
    work: `flow logs, ${count(logs.rows)} records of ${title}, ${logs.files} gzip files (${megabytes(logs.textBytes)} of text, ${megabytes(logs.storedBytes)} stored)`,
    millrace: `${timing(own)}; **${rate(logs.rows, own.seconds)}**`,
    beside: other && `ClickHouse ${timing(other)}; **${times(share)}**`,
    must: said(must),
    aim: said(aim),
    so: verdict(kept(must), kept(aim)),
    figures: { input: logs, millrace: own, clickHouse: other, share },
    runs,
  }

  /** Whether each condition of a limit holds; undefined for one that nothing was there to compare with. */
  function kept(limit) {
    const conditions = []
    if (limit.rate !== undefined) conditions.push(logs.rows / own.seconds >= limit.rate)
    if (limit.share !== undefined) conditions.push(share && share <= limit.share)
    return conditions
  }
}

function said({ rate: least, share }) {
  return [share && times(share), least && rate(least, 1)].filter(Boolean).join(', ')
}
