// Runs a lake's pipes and tasks. When a named point is reached for the nth time it kills itself without warning, or says so, to be killed a while later.
import { setTimeout as sleep } from 'node:timers/promises'
import { openLake } from '../../dist/index.js'

const [directory, options] = process.argv.slice(2)
const { point, time, isKilledLater, pipeSpeed, taskSpeed, startMs } = JSON.parse(options)
let left = time

function reached(name) {
  if (name !== point || --left !== 0) return
  if (isKilledLater) process.stdout.write('reached\n')
  else process.kill(process.pid, 'SIGKILL')
}

/** What waits longer than a minute is a limit, and not made shorter. */
function fast(speed, sinceMs) {
  return {
    now: () => sinceMs + (Date.now() - sinceMs) * speed,
    random: Math.random,
    wait: async (ms, signal) => {
      await sleep(ms > 60_000 ? ms : ms / speed, undefined, { signal })
    },
  }
}

const lake = await openLake(directory, {
  threads: 1,
  onPoint: reached,
  pipes: { retry: { attempts: 5, restSeconds: () => 1 }, visibilitySeconds: 20, timing: fast(pipeSpeed, Date.now()) },
  taskTiming: fast(taskSpeed, startMs),
})
reached('open')
function failed(name, error) {
  process.stderr.write(`${name}: ${error?.stack ?? error}\n`)
}
await lake.pipes.start(failed)
await lake.tasks.start(failed)
