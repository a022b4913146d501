// COPY of raw lines into a staging table, over and over for a time, with a task beside it that reads a stream on that table, or without. With
// `linesPerSecond`, files are there for COPY at that pace, and not at once.
import { setTimeout as wait } from 'node:timers/promises'
import { filesBelow } from '../inputs.mjs'
import { fromLibrary } from '../library.mjs'
import { drop, peakResident, scratch } from '../measure.mjs'
import { answer, options } from './timed.mjs'

const { openLake } = await fromLibrary('index.js')
const folder = scratch('consumed')
const lake = await openLake(folder)

async function run(script) {
  const results = []
  for await (const result of lake.run(script, { dialect: 'snowflake' })) results.push(result)
  return results
}

async function rowsOf(sql) {
  return (await lake.query(sql)).all()
}

try {
  await run(`create stage s url = 'file://${options.source}/';
    create file format raw type = 'CSV' field_delimiter = none;
    create table staging (raw text); create table moved (raw text);
    create stream changes on table staging append_only = true`)
  const names = filesBelow(options.source).map((file) => file.slice(options.source.length + 1))
  const copy = (part) =>
    run(`copy into staging from @s files = (${part.map((name) => `'${name}'`).join(', ')})
      file_format = (format_name = raw) force = true`)
  await copy(names.slice(0, 1))
  await run('insert into moved select raw from changes limit 0')
  if (options.consumes !== undefined)
    await run(`create task consume schedule = '${options.everySeconds} seconds' when system$stream_has_data('changes')
      as insert into moved select raw from changes where ${options.consumes};
      alter task consume resume`)
  await lake.tasks.start()
  const [{ n: before }] = await rowsOf('select count(*)::double as n from staging')
  const cpu = process.cpuUsage()
  const start = performance.now()
  const elapsed = () => (performance.now() - start) / 1000
  let lines = 0
  for (let at = 0; elapsed() < options.seconds; at = (at + options.filesAtOnce) % names.length) {
    const [copied] = await copy(names.slice(at, at + options.filesAtOnce))
    lines += copied.rows.reduce((sum, row) => sum + Number(row.rows_loaded), 0)
    const dueMs = options.linesPerSecond === undefined ? 0 : (lines / options.linesPerSecond - elapsed()) * 1000
    if (dueMs > 0) await wait(dueMs)
  }
  const seconds = elapsed()
  const { user, system } = process.cpuUsage(cpu)
  await lake.tasks.stop()
  const [{ n: after }] = await rowsOf('select count(*)::double as n from staging')
  const [{ n: runs, ms }] = await rowsOf(
    "select count(*)::double as n, coalesce(sum(date_diff('millisecond', query_start_time, completed_time)), 0)::double as ms from logs.task_history where state = 'SUCCEEDED'",
  )
  const [{ n: moved }] = await rowsOf('select count(*)::double as n from moved')
  answer({
    seconds,
    cpuSeconds: (user + system) / 1e6,
    peakRss: peakResident(process.pid),
    lines: after - before,
    runs,
    taskSeconds: ms / 1000,
    moved,
  })
} finally {
  await lake.close()
  drop(folder)
}
