// What a benchmark prints and keeps: the machine, Markdown rows, and the same as JSON.
import { execFileSync, spawnSync } from 'node:child_process'
import { readFileSync, writeFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { cpus, loadavg, release, totalmem, type } from 'node:os'
import { join } from 'node:path'
import { clickHouseVersion } from './clickhouse.mjs'
import { libraryVersion, repository } from './library.mjs'
import { mebibytes } from './measure.mjs'
import { dataFolder } from './options.mjs'

const columns = ['work', 'Millrace', 'beside it', 'must', 'aim', 'so']

export const header = `${line(columns)}\n${line(columns.map(() => '---'))}`

/** One line about the machine and what ran on it. */
export function machineLine() {
  const [core] = cpus()
  const gibibytes = Math.round(totalmem() / 2 ** 30)
  const engine = createRequire(join(repository, 'package.json'))('@duckdb/node-api/package.json').version
  const facts = [
    `${core?.model.trim()}, ${cpus().length} cores, ${gibibytes} GiB`,
    `${type()} ${release()}`,
    `Node ${process.version}`,
    `Millrace ${libraryVersion()} (${build()})`,
    `DuckDB ${engine}`,
    `ClickHouse ${clickHouseVersion()}`,
    `GoAccess ${goAccessVersion() ?? 'not installed'}`,
    `load average before: ${loadavg()[0]?.toFixed(2)}`,
  ]
  return facts.join('; ')
}

function git(...args) {
  return execFileSync('git', args, { cwd: repository, encoding: 'utf8' }).trim()
}

/** What was built: the commit, unless another build is measured. */
function build() {
  const elsewhere = process.env['MILLRACE_BENCH_LIB']
  if (elsewhere !== undefined) return `build in ${elsewhere}`
  try {
    const changed = git('status', '--porcelain', '--', 'src', 'package-lock.json') === '' ? '' : ' with changes'
    return `commit ${git('rev-parse', '--short', 'HEAD')}${changed}`
  } catch {
    return 'no commit'
  }
}

/** Undefined when GoAccess is not there. */
export function goAccessVersion() {
  const { stdout, status } = spawnSync('goaccess', ['--version'], { encoding: 'utf8' })
  return status === 0 ? /GoAccess - ([\d.]+?)\.?\s/.exec(stdout)?.[1] : undefined
}

/**
 * Prints rows as Markdown and as JSON, and keeps the JSON for `all.mjs`. A row has the cells that `rowLine` reads, `figures` that
 * say the same in numbers, and `runs`, which are only kept.
 */
export function report(name, options, rows) {
  const result = { name, scale: options.scale, runs: options.runs, machine: machineLine(), rows }
  writeFileSync(resultPath(name), `${JSON.stringify(result, undefined, 2)}\n`)
  console.log(`\n${result.machine}${scaleNote(result)}\n\n${header}\n${rows.map(rowLine).join('\n')}\n`)
  console.log(JSON.stringify(rows.map(({ work, so, figures }) => ({ work, so, ...figures }))))
}

export function scaleNote({ scale }) {
  return scale === 1 ? '' : `; SCALE ${scale}: these figures say nothing`
}

export function resultPath(name) {
  return join(dataFolder('results'), `${name}.json`)
}

export function readResult(name) {
  return JSON.parse(readFileSync(resultPath(name), 'utf8'))
}

export function rowLine({ work, millrace, beside, must, aim, so }) {
  return line([work, millrace, beside ?? '', must ?? '', aim ?? '', so ?? ''])
}

function line(cells) {
  return `| ${cells.join(' | ')} |`
}

/** Such as `3.61 s [3.52 s–3.80 s], 7.02 s CPU, 512 MiB`. */
export function timing({ seconds, fastest, slowest, cpuSeconds, peakRss }) {
  return `${duration(seconds)} [${duration(fastest)}–${duration(slowest)}], ${duration(cpuSeconds)} CPU, ${mebibytes(peakRss)}`
}

/** Such as `3.61 s` or `412 ms`. */
export function duration(seconds) {
  return seconds < 1 ? `${Math.round(seconds * 1000)} ms` : `${seconds.toFixed(2)} s`
}

/** Such as `5,000,000`. */
export function count(number) {
  return number.toLocaleString('en')
}

export function megabytes(bytes) {
  return `${count(Math.round(bytes / 1e6))} MB`
}

/** Such as `x 0.75`: a time as a multiple of another. */
export function times(share) {
  return `x ${share.toFixed(2)}`
}

/** Such as `1.39 M/s`. */
export function rate(number, seconds) {
  const perSecond = number / seconds
  return perSecond >= 1e6 ? `${(perSecond / 1e6).toFixed(2)} M/s` : `${Math.round(perSecond / 1000)} k/s`
}

/**
 * Which limits are kept. `must` and `aim` hold a boolean for each of their conditions, undefined for one that there was nothing to
 * compare with. The aim is only reached where the must is kept.
 */
export function verdict(must, aim) {
  if (must.length === 0) return ''
  if (must.includes(false)) return 'missed'
  if (must.includes(undefined)) return 'not compared'
  return aim.length > 0 && aim.every((holds) => holds === true) ? 'aim reached' : 'must kept'
}
