// A task whose WHEN does not hold comes due over and over, by a clock that does not wait: memory and files before and after.
import { readFileSync } from 'node:fs'
import { setImmediate as turn } from 'node:timers/promises'
import { setFlagsFromString } from 'node:v8'
import { runInNewContext } from 'node:vm'
import { fromLibrary } from '../library.mjs'
import { bytesIn, drop, scratch } from '../measure.mjs'
import { answer, options } from './timed.mjs'

const { openLake } = await fromLibrary('index.js')
const folder = scratch('idle')
let nowMs = Date.now()
let due = 0
/** A waiting loop goes on at once, at the time that it waited for. What waits longer than a minute is a limit. */
const timing = {
  now: () => nowMs,
  random: () => 0.5,
  wait: async (ms, signal) => {
    if (ms > 60_000) return new Promise((_, reject) => signal?.addEventListener('abort', () => reject(signal.reason)))
    await turn()
    signal?.throwIfAborted()
    nowMs += ms
    due++
  },
}
const lake = await openLake(folder, { taskTiming: timing })
const run = async (script) => {
  for await (const result of lake.run(script, { dialect: 'snowflake' })) void result
}
// What is held, and not what is still to be collected.
setFlagsFromString('--expose-gc')
const collect = runInNewContext('gc')
const resident = () => {
  collect()
  return Number(/^VmRSS:\s+(\d+) kB$/m.exec(readFileSync('/proc/self/status', 'utf8'))[1]) * 1024
}
try {
  await run(`create table source (id integer); create table sink (id integer);
    create stream changes on table source;
    create task t schedule = '1 minute' when system$stream_has_data('changes') as insert into sink select id from changes;
    alter task t resume`)
  await lake.tasks.start()
  const until = async (count) => {
    while (due < count) await turn()
  }
  // As many runs before, in which what is soon collected comes to its usual size.
  await until(options.runs)
  const before = { memory: resident(), files: bytesIn(folder) }
  const start = performance.now()
  await until(2 * options.runs)
  const seconds = (performance.now() - start) / 1000
  const after = { memory: resident(), files: bytesIn(folder) }
  await lake.tasks.stop()
  const [{ n: counted }] = await (
    await lake.query("select sum(skipped_runs)::double as n from logs.task_history where state = 'SKIPPED'")
  ).all()
  answer({ seconds, cpuSeconds: 0, peakRss: after.memory, before, after, counted })
} finally {
  await lake.close()
  drop(folder)
}
