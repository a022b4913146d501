// Opens a lake in a process of its own, loads a folder and replays rejects, as told by the first message; answers with what became of it.
// Works on what is built, since Node reads no TypeScript.
import { openLake } from '../../dist/index.js'

process.once(
  'message',
  async ({ directory, folder, openOptions = {}, loadOptions = {}, replayOptions, user, kill, stay }) => {
    if (user !== undefined) {
      process.setegid(user)
      process.seteuid(user)
    }
    let reached = 0
    const onPoint = (point) => {
      if (kill === undefined || point !== kill.point || ++reached !== kill.occurrence) return
      // Nothing runs after this: neither finally nor exit handlers.
      process.kill(process.pid, 'SIGKILL')
    }
    try {
      const lake = await openLake(directory, { threads: 2, ...openOptions, onPoint })
      process.send({ is: 'opened' })
      const summary = folder === undefined ? undefined : await lake.load(folder, loadOptions)
      if (replayOptions !== undefined) await lake.replayRejects(replayOptions)
      process.send({ is: 'done', summary, peakBytes: process.resourceUsage().maxRSS * 1024 })
      if (stay === true) setInterval(() => undefined, 1000)
      else {
        await lake.close()
        process.disconnect()
      }
    } catch (error) {
      process.send({ is: 'failed', code: error.code, message: error.message })
      process.disconnect()
    }
  },
)
