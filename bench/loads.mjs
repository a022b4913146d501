// One load of an input in a fresh process, and the check that everything in it arrived.
import { readFileSync } from 'node:fs'
import { availableParallelism } from 'node:os'
import { gunzipSync } from 'node:zlib'
import { filesBelow } from './inputs.mjs'
import { drop, runScript, scratch } from './measure.mjs'

/** Loads into a new lake, which is dropped afterwards unless `keepIn` names its folder. */
export async function loadWithMillrace(logs, keepIn) {
  return within(keepIn, 'lake', async (lake) => {
    const result = await runScript('millrace-load', { lake, source: logs.folder, table: logs.table })
    const { stored, history } = result
    mustBe('rows', stored.rows, logs.rows)
    mustBe('rejects', stored.rejects, logs.rejects)
    mustBe('files in history', history.files, logs.files)
    mustBe('lines in history', history.lines, history.rows + history.rejects + history.skipped)
    mustBe('rows in history', history.rows, logs.rows)
    return result
  })
}

/** Inserts flow logs into a new ClickHouse table; `merge` merges its parts into one afterwards, off the clock. */
export async function loadWithClickHouse(logs, { byName = false, merge = false, keepIn } = {}) {
  return within(keepIn, 'clickhouse', async (store) => {
    const threads = availableParallelism()
    const result = await runScript('clickhouse-load', {
      store,
      source: logs.folder,
      fields: fieldsOf(logs),
      byName,
      merge,
      threads,
    })
    mustBe('rows in ClickHouse', result.stored.rows, logs.rows)
    return result
  })
}

async function within(keepIn, name, work) {
  const folder = keepIn ?? scratch(name)
  drop(folder)
  try {
    return await work(folder)
  } finally {
    if (keepIn === undefined) drop(folder)
  }
}

function mustBe(what, found, wanted) {
  if (found !== wanted)
    throw new Error(
      `There should be ${wanted} ${what}, and there are ${found}: the load is wrong, its time is worth nothing.`,
    )
}

/** The header of the first file. */
function fieldsOf(logs) {
  const [first] = filesBelow(logs.folder)
  return gunzipSync(readFileSync(first)).toString('latin1').split('\n', 1)[0].split(' ')
}
