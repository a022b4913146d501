// Serves a lake, says where, and kills itself without warning when a named point is reached for the nth time.
import { pino } from 'pino'
import { openLake } from '../../dist/lake.js'
import { startServer } from '../../dist/server/server.js'

const [directory, point, time] = process.argv.slice(2)
let left = Number(time)

const lake = await openLake(directory, {
  threads: 1,
  onPoint: (name) => {
    if (name === point && --left === 0) process.kill(process.pid, 'SIGKILL')
  },
})
const { url } = await startServer(lake, { host: '127.0.0.1', port: 0, log: pino({ level: 'silent' }) })
process.stdout.write(`${url}\n`)
