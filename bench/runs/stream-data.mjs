// What system$stream_has_data takes, in a table of so many rows that a stream has been read up to, and when one more has come.
import { fromLibrary } from '../library.mjs'
import { drop, median, scratch } from '../measure.mjs'
import { answer, options } from './timed.mjs'

const { openLake } = await fromLibrary('index.js')
const folder = scratch('stream')
const lake = await openLake(folder)
const run = async (script, dialect = 'snowflake') => {
  const results = []
  for await (const result of lake.run(script, { dialect })) results.push(result)
  return results
}
const ask = async (wanted) => {
  const times = []
  for (let time = 0; time < 41; time++) {
    const start = performance.now()
    const [{ rows }] = await run("select system$stream_has_data('changes') as has")
    times.push((performance.now() - start) / 1000)
    if (rows[0]?.HAS !== wanted && rows[0]?.has !== wanted) throw new Error(JSON.stringify(rows))
  }
  return median(times.slice(1))
}
try {
  await run('create table source (id integer, raw text); create table sink (n integer)')
  for (let made = 0; made < options.rows; made += 5_000_000)
    await run(
      `insert into source select i, 'line ' || i from range(${made}, ${Math.min(made + 5_000_000, options.rows)}) t(i)`,
      'duckdb',
    )
  await run('create stream changes on table source')
  const nothing = await ask(false)
  await run("insert into source values (-1, 'new')")
  const something = await ask(true)
  answer({ seconds: nothing, cpuSeconds: 0, peakRss: 0, nothing, something })
} finally {
  await lake.close()
  drop(folder)
}
