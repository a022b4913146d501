// Runs every benchmark, one after the other, and prints one table. Options go to each: node bench/all.mjs --scale 0.01 --runs 1
import { spawnSync } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import { header, readResult, rowLine, scaleNote } from './report.mjs'

const names = [
  'flow-load',
  'access-load',
  'small-files',
  's3-get',
  's3-load',
  'pipes',
  'variant',
  'history',
  'top-talkers',
  'page',
  'memory',
]

for (const name of names) {
  const script = fileURLToPath(new URL(`${name}.mjs`, import.meta.url))
  const { status } = spawnSync(process.execPath, [script, ...process.argv.slice(2)], { stdio: ['ignore', 2, 2] })
  if (status !== 0) throw new Error(`bench/${name}.mjs ended with ${status}.`)
}

const results = names.map(readResult)
console.log(
  `${results[0].machine}${scaleNote(results[0])}\n\n${header}\n${results.flatMap(({ rows }) => rows.map(rowLine)).join('\n')}`,
)
