// Loads a folder or file into a new lake: the time of load(), until it resolves with rows, rejects and history committed.
import { fromLibrary } from '../library.mjs'
import { bytesIn } from '../measure.mjs'
import { answer, options, timed } from './timed.mjs'

const { openLake } = await fromLibrary('index.js')
const lake = await openLake(options.lake)
const { result, measured } = await timed(() => lake.load(options.source))
const history = await one(`
  select count(*) as files, sum(lines) as lines, sum("rows") as "rows", sum(rejects) as rejects, sum(skipped) as skipped
  from load_history where status <> 'failed'`)
const stored = await one(
  `select count(*) as "rows", (select count(*) from load_rejects) as rejects from ${options.table}`,
)
// Closing writes what is left in the database's log.
await lake.close()
answer({ ...measured, summary: result, history, stored, bytesOnDisk: bytesIn(options.lake) })

async function one(sql) {
  const answered = await lake.query(sql)
  const [row] = await answered.all()
  return Object.fromEntries(Object.entries(row).map(([key, value]) => [key, Number(value)]))
}
