// What every benchmark takes on its command line, and where its data lies.
import { mkdirSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { parseArgs } from 'node:util'
import { repository } from './library.mjs'

/**
 * `--scale` (or MILLRACE_BENCH_SCALE) shrinks the work, for trying things out; `--runs` is how often each side runs; `--only` names
 * parts of the benchmark. `more` adds options of one benchmark, as `parseArgs` takes them.
 */
export function readOptions(runs, more = {}) {
  const { values } = parseArgs({
    options: { scale: { type: 'string' }, runs: { type: 'string' }, only: { type: 'string' }, ...more },
  })
  const scale = Number(values.scale ?? process.env['MILLRACE_BENCH_SCALE'] ?? 1)
  const times = Number(values.runs ?? runs)
  if (!(scale > 0 && scale <= 1)) throw new Error('--scale is a number above 0, up to 1.')
  if (!(Number.isInteger(times) && times > 0)) throw new Error('--runs is a whole number above 0.')
  return { ...values, scale, runs: times }
}

/** The parts of a benchmark that `--only a,b` names; all without it. */
export function chosen(parts, only) {
  if (only === undefined) return parts
  const names = only.split(',')
  const unknown = names.find((name) => !parts.some((part) => part.name === name))
  if (unknown !== undefined)
    throw new Error(`There is no ${unknown}. Known are ${parts.map(({ name }) => name).join(', ')}.`)
  return parts.filter(({ name }) => names.includes(name))
}

/** A folder for data: below MILLRACE_BENCH_DATA, else below bench/data, which git ignores. */
export function dataFolder(...names) {
  const folder = join(resolve(process.env['MILLRACE_BENCH_DATA'] ?? join(repository, 'bench', 'data')), ...names)
  mkdirSync(folder, { recursive: true })
  return folder
}
