// Runs a lake's pipes, and kills itself without warning when a named point is reached for the nth time.
import { setTimeout as sleep } from 'node:timers/promises'
import { openLake } from '../../dist/index.js'

const [directory, point, time, speed] = process.argv.slice(2)
let left = Number(time)
const start = Date.now()

const lake = await openLake(directory, {
  threads: 1,
  onPoint: (name) => {
    if (name === point && --left === 0) process.kill(process.pid, 'SIGKILL')
  },
  pipes: {
    retry: { attempts: 5, restSeconds: () => 1 },
    visibilitySeconds: 20,
    timing: {
      now: () => start + (Date.now() - start) * Number(speed),
      random: Math.random,
      wait: async (ms, signal) => {
        await sleep(ms / Number(speed), undefined, { signal })
      },
    },
  },
})
await lake.pipes.start(() => undefined)
process.stdout.write('runs\n')
