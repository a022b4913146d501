// Runs work in fresh processes, side by side, and says how long it took, how much processor time and how much memory. Linux: reads /proc.
import { execFileSync, fork, spawn } from 'node:child_process'
import { createReadStream, mkdirSync, readFileSync, readdirSync, rmSync } from 'node:fs'
import { basename, join } from 'node:path'
import { dataFolder } from './options.mjs'
import { filesBelow } from './inputs.mjs'

const samplingMs = 50
const clockTicksPerSecond = 100

/**
 * Runs every side `runs` times in turn: A B A B, so that a slow minute of the machine meets both. What a run
 * leaves to be written to disk is written before the next begins. A side is `{ name, run }`; `run` returns what `runScript` or `runCommand` does.
 * Returns the runs of each side by name.
 */
export async function sideBySide(sides, runs) {
  const done = Object.fromEntries(sides.map(({ name }) => [name, []]))
  for (let round = 1; round <= runs; round++) {
    for (const { name, run } of sides) {
      execFileSync('sync')
      const result = await run()
      done[name].push(result)
      console.error(
        `${name}, run ${round} of ${runs}: ${result.seconds.toFixed(3)} s, ${result.cpuSeconds.toFixed(2)} s of processor time, ${mebibytes(result.peakRss)}`,
      )
    }
  }
  return done
}

/**
 * Runs a script of bench/runs in a process of its own. It is given `options` and sends back `seconds`, `cpuSeconds`, `peakRss` and
 * what it has found.
 */
export async function runScript(name, options) {
  const child = fork(new URL(`runs/${name}.mjs`, import.meta.url), [JSON.stringify(options)], {
    execArgv: [],
    stdio: ['ignore', 'ignore', 'inherit', 'ipc'],
  })
  let answer
  child.on('message', (message) => {
    answer = message
  })
  const code = await ended(child)
  if (code !== 0 || answer === undefined) {
    throw new Error(`bench/runs/${name}.mjs ended with ${code}. It was given ${JSON.stringify(options).slice(0, 300)}.`)
  }
  return answer
}

/** Runs another program, from its start to its end. */
export async function runCommand(command, args) {
  const start = performance.now()
  const child = spawn(command, args, { stdio: ['ignore', 'ignore', 'ignore'] })
  const watched = watch(child.pid)
  const code = await ended(child)
  const seconds = (performance.now() - start) / 1000
  if (code !== 0) throw new Error(`${command} ended with exit code ${code}.`)
  return { seconds, ...watched.stop() }
}

function ended(child) {
  return new Promise((resolve, reject) => {
    child.once('error', reject)
    child.once('exit', (code, signal) => resolve(code ?? signal))
  })
}

/** Samples a process until it ends: its processor time, and the memory of it and its descendants. */
function watch(pid) {
  const seen = { peakRss: 0, cpuSeconds: 0 }
  const sample = () => {
    try {
      seen.cpuSeconds = processorTime(pid)
      seen.peakRss = Math.max(seen.peakRss, peakResident(pid))
    } catch {
      // It has ended.
    }
  }
  sample()
  const timer = setInterval(sample, samplingMs)
  return {
    stop() {
      clearInterval(timer)
      return seen
    },
  }
}

/** Bytes that a process and its descendants have had in memory at most (VmHWM), each at its own moment. */
export function peakResident(pid) {
  const found = /^VmHWM:\s+(\d+) kB$/m.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))
  const own = found === null ? 0 : Number(found[1]) * 1024
  return childrenOf(pid).reduce((sum, child) => sum + peakResident(child), own)
}

function childrenOf(pid) {
  const tasks = readdirSync(`/proc/${pid}/task`)
  const ids = tasks.flatMap((task) => readFileSync(`/proc/${pid}/task/${task}/children`, 'utf8').split(' '))
  return ids.filter((id) => id !== '').map(Number)
}

function processorTime(pid) {
  const fields = readFileSync(`/proc/${pid}/stat`, 'utf8')
    .replace(/^.*\) /s, '')
    .split(' ')
  return (Number(fields[11]) + Number(fields[12])) / clockTicksPerSecond
}

/** Reads files once, so that every run finds them in memory. */
export async function warm(folder) {
  for (const path of filesBelow(folder))
    for await (const chunk of createReadStream(path, { highWaterMark: 1 << 20 })) void chunk
}

/** An empty folder for what one run writes; it goes with `drop`. */
export function scratch(name) {
  const folder = join(dataFolder('scratch'), `${basename(name)}-${process.pid}`)
  drop(folder)
  mkdirSync(folder)
  return folder
}

export function drop(folder) {
  rmSync(folder, { recursive: true, force: true })
}

export function bytesIn(folder) {
  return Number(execFileSync('du', ['-sb', folder], { encoding: 'utf8' }).split('\t')[0])
}

export function median(values) {
  const sorted = values.toSorted((a, b) => a - b)
  const middle = sorted.length / 2
  return sorted.length % 2 === 1 ? sorted[Math.floor(middle)] : (sorted[middle - 1] + sorted[middle]) / 2
}

/** Medians of what was measured, with the range of the seconds. */
export function summarise(results) {
  const of = (key) => results.map((result) => result[key])
  const seconds = of('seconds')
  return {
    runs: results.length,
    seconds: median(seconds),
    fastest: Math.min(...seconds),
    slowest: Math.max(...seconds),
    cpuSeconds: median(of('cpuSeconds')),
    peakRss: Math.max(...of('peakRss')),
  }
}

export function mebibytes(bytes) {
  return `${Math.round(bytes / 1048576)} MiB`
}
