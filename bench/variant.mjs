// Parquet into one VARIANT column against the same into typed columns: what loading costs, and a query.
import { mkdirSync, existsSync, renameSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { DuckDBInstance } from '@duckdb/node-api'
import { drop, runScript, scratch, sideBySide, summarise } from './measure.mjs'
import { dataFolder, readOptions } from './options.mjs'
import { count, report, timing, verdict } from './report.mjs'

const must = 1.6
const options = readOptions(3)
const rows = Math.round(5_000_000 * options.scale)
const files = 20
const columns = [
  ['version', 'integer'],
  ['account_id', 'varchar'],
  ['interface_id', 'varchar'],
  ['srcaddr', 'varchar'],
  ['dstaddr', 'varchar'],
  ['srcport', 'integer'],
  ['dstport', 'integer'],
  ['protocol', 'integer'],
  ['packets', 'bigint'],
  ['bytes', 'bigint'],
  ['start', 'bigint'],
  ['end', 'bigint'],
  ['action', 'varchar'],
  ['log_status', 'varchar'],
].map(([name, type]) => ({ name, type }))
const source = await parquetLogs()
const side = (name, isVariant) => ({
  name,
  run: async () => {
    const lake = scratch('variant')
    drop(lake)
    try {
      const result = await runScript('variant-load', { lake, source, isVariant, columns })
      if (result.rows !== rows) throw new Error(`There should be ${rows} rows, and there are ${result.rows}.`)
      return result
    } finally {
      drop(lake)
    }
  },
})
const runs = await sideBySide([side('VARIANT', true), side('typed', false)], options.runs)
const [variant, typed] = [summarise(runs.VARIANT), summarise(runs.typed)]
const [asked, askedTyped] = [queryOf(runs.VARIANT), queryOf(runs.typed)]
const loadRatio = variant.seconds / typed.seconds
const queryRatio = asked.seconds / askedTyped.seconds
report('variant', options, [
  rowOf('COPY of', variant, typed, loadRatio),
  rowOf('who sent most, over', asked, askedTyped, queryRatio),
])

function rowOf(what, own, beside, ratio) {
  return {
    work: `${what} ${count(rows)} flow log records in Parquet`,
    millrace: timing(own),
    beside: `typed columns: ${timing(beside)}; VARIANT: **× ${ratio.toFixed(2)}**`,
    must: `× ${must}`,
    aim: '',
    so: verdict([ratio <= must], [ratio <= must]),
    figures: { own, beside, ratio },
    runs,
  }
}

function queryOf(of) {
  return summarise(of.map(({ query }) => query))
}

async function parquetLogs() {
  const folder = join(dataFolder('inputs'), `flow-parquet-${rows}`)
  if (existsSync(folder)) return folder
  const part = `${folder}.part`
  rmSync(part, { recursive: true, force: true })
  mkdirSync(part, { recursive: true })
  const instance = await DuckDBInstance.create()
  const connection = await instance.connect()
  await connection.run('select setseed(0.5)')
  for (let file = 0; file < files; file++)
    await connection.run(`
      copy (
        select 2::integer as version, '123456789012' as account_id, 'eni-' || (random() * 50)::integer as interface_id,
          '10.0.' || (random() * 255)::integer || '.' || (random() * 255)::integer as srcaddr,
          '198.51.' || (random() * 100)::integer || '.' || (random() * 255)::integer as dstaddr,
          (1024 + random() * 60000)::integer as srcport, (random() * 1000)::integer as dstport, 6::integer as protocol,
          (random() * 100)::bigint as packets, (random() * 1000000)::bigint as bytes, 1790000000 + i as start, 1790000060 + i as "end",
          case when random() < 0.8 then 'ACCEPT' else 'REJECT' end as action, 'OK' as log_status
        from range(${Math.floor((rows * (file + 1)) / files) - Math.floor((rows * file) / files)}) t(i)
      ) to '${join(part, `${String(file).padStart(3, '0')}.parquet`)}' (format parquet)`)
  connection.closeSync()
  instance.closeSync()
  renameSync(part, folder)
  return folder
}
