// S3 server access lines through the published Python parser, against the reader of the log type. Lines a second of wall time and of the
// cage's own processor time: Pyodide runs on one core, and a shared machine says little by the clock.
import { execFileSync } from 'node:child_process'
import { cpSync, mkdtempSync, readFileSync, readdirSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { Cages } from '../dist/cages/cages.js'
import { openLake } from '../dist/index.js'
import { filesBelow } from './inputs.mjs'

const rows = Number(process.argv[2] ?? 100_000)
const runs = Number(process.argv[3] ?? 5)
const batchRows = 2048
const mebibyte = 1024 * 1024

const folder = mkdtempSync(join(tmpdir(), 'millrace-functions-'))
execFileSync(process.execPath, [
  'dist/cli.js',
  'generate',
  join(folder, 'logs'),
  '--type',
  's3-access-logs',
  '--rows',
  String(rows),
  '--files',
  '1',
  '--seed',
  '1',
])
const lines = filesBelow(join(folder, 'logs')).flatMap((file) => readFileSync(file, 'utf8').split('\n').filter(Boolean))
const script = readFileSync('test/cages/parse-s3-access-logs.sql', 'utf8')
const median = (figures) => figures.toSorted((left, right) => left - right)[Math.floor(figures.length / 2)]
const perSecond = (seconds) => `${Math.round(lines.length / seconds / 100) / 10} k lines/s`

/** Processor time that a process has taken. */
function processorSeconds(pid) {
  const fields = readFileSync(`/proc/${pid}/stat`, 'utf8')
    .replace(/^.*\) /, '')
    .split(' ')
  return (Number(fields[11]) + Number(fields[12])) / 100
}

function cagePid() {
  return readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .find((name) => {
      try {
        const parent = readFileSync(`/proc/${name}/stat`, 'utf8')
          .replace(/^.*\) /, '')
          .split(' ')[1]
        return Number(parent) === process.pid && readFileSync(`/proc/${name}/cmdline`, 'utf8').includes('python-cage')
      } catch {
        return false
      }
    })
}

async function throughCage() {
  const cages = new Cages({
    batchMs: 600_000,
    memoryBytes: 512 * mebibyte,
    outputBytes: 128 * mebibyte,
    idleMs: 600_000,
  })
  const [, body] = /as \$\$([\s\S]*?)\$\$/.exec(script)
  const definition = {
    language: 'PYTHON',
    name: 'PARSE',
    code: body,
    handler: 'S3AccessLogParser',
    isTable: true,
    isStrict: false,
    arguments: [{ name: 'LOG', kind: 'text' }],
    columns: Array.from({ length: 24 }, (_, index) => ({ name: `C${index}`, kind: 'text' })),
  }
  // The same, giving nothing: what the user's code takes by itself.
  const silent = {
    ...definition,
    handler: 'Silent',
    code: `${body}\nclass Silent(S3AccessLogParser):\n    def process(self, log):\n        for line in super().process(log): pass\n`,
  }
  const batches = []
  for (let from = 0; from < lines.length; from += batchRows) {
    const part = lines.slice(from, from + batchRows)
    batches.push(Buffer.from(JSON.stringify([part.map((_, index) => from + index), part])))
  }
  const pass = async (id, called) => {
    let pending
    for (const batch of batches) {
      const next = cages.of('PYTHON').call(id, called, batch)
      await pending
      pending = next
    }
    await pending
  }
  await pass('parse', definition)
  await pass('silent', silent)
  const pid = cagePid()
  const figures = { parse: { clock: [], processor: [] }, silent: { clock: [], processor: [] } }
  for (let run = 0; run < runs; run++)
    for (const [id, called] of Object.entries({ parse: definition, silent })) {
      const [startedAt, before] = [performance.now(), processorSeconds(pid)]
      await pass(id, called)
      figures[id].clock.push((performance.now() - startedAt) / 1000)
      figures[id].processor.push(processorSeconds(pid) - before)
    }
  cages.close()
  const medians = ({ clock, processor }) => ({ clock: median(clock), processor: median(processor) })
  return { parse: medians(figures.parse), silent: medians(figures.silent) }
}

async function throughStatement() {
  const lake = await openLake(join(folder, 'lake'))
  const run = async (sql) => {
    const results = []
    for await (const result of lake.run(sql, { dialect: 'snowflake' })) results.push(result)
    return results
  }
  await run(script)
  await run(`create file format raw type = 'CSV' field_delimiter = none skip_blank_lines = true escape_unenclosed_field = none;
    create stage s url = 'file://${join(folder, 'logs')}/'; create table staging (raw text);
    copy into staging from @s file_format = (format_name = raw)`)
  const sql =
    'select count(*) as n, count(parsed_logs.key) as k, max(length(parsed_logs.hostid)) as h from staging join table(parse_s3_access_logs(staging.raw)) parsed_logs'
  await run(sql)
  const clock = []
  let said
  for (let one = 0; one < runs; one++) {
    const startedAt = performance.now()
    said = (await run(sql)).at(-1)
    clock.push((performance.now() - startedAt) / 1000)
  }
  await lake.close()
  return { clock: median(clock), said: [JSON.stringify(said.rows[0]), ...said.notices].join('; ') }
}

/** Into one lake, whose parser has been started: the function has been, too. */
async function throughReader() {
  const lake = await openLake(join(folder, 'reader'))
  const clock = []
  for (let one = 0; one <= runs; one++) {
    const copy = join(folder, `copy-${one}`)
    cpSync(join(folder, 'logs'), copy, { recursive: true })
    const startedAt = performance.now()
    const { rows: loaded } = await lake.load(copy, { type: 's3-access-logs' })
    if (loaded !== lines.length) throw new Error(`${loaded} rows of ${lines.length} lines`)
    if (one > 0) clock.push((performance.now() - startedAt) / 1000)
  }
  await lake.close()
  return { clock: median(clock) }
}

try {
  const cage = await throughCage()
  console.log(
    `${lines.length} lines of ${Math.round(lines.join('').length / lines.length)} bytes, medians of ${runs} runs`,
  )
  for (const [id, { clock, processor }] of Object.entries(cage))
    console.log(`cage, warm, ${id}: ${perSecond(clock)} by the clock, ${perSecond(processor)} of its processor time`)
  const statement = await throughStatement()
  console.log(`SELECT … JOIN TABLE(parse(raw)): ${perSecond(statement.clock)} (${statement.said})`)
  const reader = await throughReader()
  console.log(`TYPE = S3_ACCESS_LOGS: ${perSecond(reader.clock)}`)
} finally {
  rmSync(folder, { recursive: true, force: true })
}
