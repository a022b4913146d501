// Loads a folder and kills itself without warning when a named point is reached for the nth time. Prints the points it passes.
import { openLake } from '../../dist/index.js'

const [lakeDirectory, logs, point, occurrence, type] = process.argv.slice(2)
let left = Number(occurrence)

const lake = await openLake(lakeDirectory, {
  threads: 2,
  commitBytes: 200_000,
  onPoint: (name) => {
    process.stdout.write(`${name}\n`)
    if (name === point && --left === 0) process.kill(process.pid, 'SIGKILL')
  },
})
process.stdout.write('open\n')
await lake.load(logs, { type })
process.stdout.write('loaded\n')
await lake.close()
