import { once } from 'node:events'
import { destination, type Logger, pino } from 'pino'
import { connectToServer } from '../../connect.ts'
import { MillraceError } from '../../errors.ts'
import { openLake, type OpenLake } from '../../lake.ts'
import { type RunningServer, startServer } from '../../server/server.ts'
import type { GlobalFlags } from './flags.ts'
import { onStopSignal } from './signals.ts'

/** Where to serve. */
export interface Serving {
  readonly host: string
  readonly port: number
  readonly log: Logger
}

/** A signal comes at worst while a load commits; ten seconds after it the process is gone. */
const stopMs = 9500

/** Opens the lake in this process, or says that it is served already. */
export async function openToServe(directory: string): Promise<OpenLake> {
  try {
    return await openLake(directory)
  } catch (error) {
    if (!(error instanceof MillraceError) || error.code !== 'LAKE_BUSY') throw error
    const remote = await connectToServer(directory)
    if (remote === undefined) throw error
    await remote.close()
    throw new MillraceError(
      'LAKE_BUSY',
      `The lake ${directory} is served already. Stop that server first, or name another lake with --lake.`,
      error,
    )
  }
}

/** Structured lines on standard error; on a terminal only what needs attention, unless --verbose asks for more. */
export function openLog(flags: GlobalFlags): Logger {
  const usual = process.stderr.isTTY ? 'warn' : 'info'
  const level = flags.quiet === true ? 'warn' : usual
  return pino({ level: flags.verbose === true ? 'debug' : level }, destination({ fd: 2, sync: true }))
}

/**
 * Serves an open lake until the process is told to stop, then closes it. `run` does what else there is to do
 * and ends when its signal aborts.
 */
export async function serveUntilStopped(
  lake: OpenLake,
  serving: Serving,
  run: (server: RunningServer, signal: AbortSignal) => Promise<void>,
): Promise<void> {
  const stopping = new AbortController()
  const stopped = once(stopping.signal, 'abort')
  let deadline: NodeJS.Timeout | undefined
  const unwatch = onStopSignal(() => {
    stopping.abort()
    deadline = setTimeout(() => {
      serving.log.warn('The server did not stop in time and is ended. What was committed is safe.')
      process.exit(1)
    }, stopMs)
  })
  try {
    const server = await startServer(lake, serving)
    const running = run(server, stopping.signal)
    try {
      await Promise.race([stopped, running.then(() => stopped)])
    } finally {
      stopping.abort()
      await Promise.allSettled([server.stop(), running])
    }
  } finally {
    await lake.close()
    clearTimeout(deadline)
    unwatch()
  }
}
