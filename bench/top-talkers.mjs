// Top talkers: who sent the most, over a lake and over ClickHouse's MergeTree with the same rows.
import { availableParallelism } from 'node:os'
import { join } from 'node:path'
import { hasClickHouse } from './clickhouse.mjs'
import { input } from './inputs.mjs'
import { loadWithClickHouse, loadWithMillrace } from './loads.mjs'
import { drop, median, runScript, sideBySide, summarise } from './measure.mjs'
import { dataFolder, readOptions } from './options.mjs'
import { count, duration, megabytes, report, times, timing, verdict } from './report.mjs'

const must = 1.5
const aim = 1

const options = readOptions(5)
const logs = await input('talkers', options.scale)
const folders = { Millrace: join(dataFolder(), 'talkers-lake'), ClickHouse: join(dataFolder(), 'talkers-clickhouse') }
const scripts = { Millrace: 'millrace-query', ClickHouse: 'clickhouse-query' }
const names = hasClickHouse() ? ['Millrace', 'ClickHouse'] : ['Millrace']

console.error(`Loading ${count(logs.rows)} records …`)
const loads = { Millrace: await loadWithMillrace(logs, folders.Millrace) }
if (names.includes('ClickHouse')) {
  // Merged into one part, as it would be after a while: the best a MergeTree can be.
  loads.ClickHouse = await loadWithClickHouse(logs, { merge: true, keepIn: folders.ClickHouse })
}
const [{ from, to }] = (
  await ask('Millrace', 'select min(start)::varchar as "from", max(start)::varchar as "to" from vpc_flow_logs')
).rows
const [start, end] = [from, to].map((time) => Date.parse(`${time}Z`))
/** The middle six tenths of the time. */
const [since, until] = [start + (end - start) * 0.2, start + (end - start) * 0.8].map((time) =>
  new Date(time).toISOString().slice(0, 19).replace('T', ' '),
)

/** Portable SQL: both engines are asked the same. Ties are ordered, so that answers can be compared. */
const questions = [
  {
    title: 'by source',
    sql: 'select srcaddr, sum(bytes) as total from vpc_flow_logs where srcaddr is not null group by srcaddr order by total desc, srcaddr limit 10',
    limits: true,
  },
  {
    title: 'by source, accepted traffic in six tenths of the time',
    sql: `select srcaddr, sum(bytes) as total from vpc_flow_logs where srcaddr is not null and action = 'ACCEPT' and start >= '${since}' and start < '${until}' group by srcaddr order by total desc, srcaddr limit 10`,
  },
  {
    title: 'by source and destination',
    sql: 'select srcaddr, dstaddr, sum(bytes) as total from vpc_flow_logs where srcaddr is not null group by srcaddr, dstaddr order by total desc, srcaddr, dstaddr limit 10',
  },
]
const rows = []
for (const question of questions) rows.push(await measure(question))
for (const folder of Object.values(folders)) drop(folder)
report('top-talkers', options, rows)

async function measure({ title, sql, limits = false }) {
  const runs = await sideBySide(
    names.map((name) => ({ name, run: () => ask(name, sql) })),
    options.runs,
  )
  const answers = names.flatMap((name) =>
    runs[name].map((run) => JSON.stringify(run.rows.map((row) => Object.values(row).map(String)))),
  )
  if (new Set(answers).size !== 1) throw new Error(`The answers differ: ${[...new Set(answers)].join(' and ')}`)
  const own = summarise(runs.Millrace)
  const other = runs.ClickHouse && summarise(runs.ClickHouse)
  const share = other && own.seconds / other.seconds
  const first = (name) => median(runs[name].map((run) => run.firstSeconds))
  return {
    work: `top talkers ${title}, over ${count(logs.rows)} rows (${megabytes(loads.Millrace.bytesOnDisk)} in the lake${other ? `, ${megabytes(loads.ClickHouse.bytesOnDisk)} in ClickHouse` : ''})`,
    millrace: `${timing(own)}; first of a process ${duration(first('Millrace'))}`,
    beside:
      other && `ClickHouse ${timing(other)}; first of a process ${duration(first('ClickHouse'))}; **${times(share)}**`,
    must: limits ? times(must) : undefined,
    aim: limits ? times(aim) : undefined,
    so: limits ? verdict([share && share <= must], [share && share <= aim]) : undefined,
    figures: { sql, millrace: own, clickHouse: other, share, firstSeconds: names.map(first) },
    runs,
  }
}

function ask(name, sql) {
  return runScript(scripts[name], { folder: folders[name], sql, threads: availableParallelism() })
}
