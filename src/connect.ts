import { resolve } from 'node:path'
import { setTimeout as pause } from 'node:timers/promises'
import type { Lake } from './api.ts'
import { MillraceError, systemCodeOf } from './errors.ts'
import type { OpenOptions } from './lake/parts.ts'
import { readServerFile } from './server/server-file.ts'

/** How long to wait for a lake that another process holds: a server that starts, or a command that ends. */
const busyMs = 2000

function isRunning(pid: number): boolean {
  try {
    process.kill(pid, 0)
    return true
  } catch (error) {
    return systemCodeOf(error) === 'EPERM'
  }
}

/** The lake as its running server gives it; undefined when no server has it open. */
export async function connectToServer(directory: string): Promise<Lake | undefined> {
  const found = await readServerFile(directory)
  if (found === undefined || !isRunning(found.pid)) return undefined
  const { RemoteLake } = await import('./server/client.ts')
  // What does not answer, or refuses the token, is what a crashed server left behind.
  return RemoteLake.connect(directory, found.url, found.token).catch(() => undefined)
}

/** Reaches the lake through its running server, or opens it here. */
export async function connectLake(directory: string, options: OpenOptions = {}): Promise<Lake> {
  const place = resolve(directory)
  const giveUpAt = Date.now() + busyMs
  for (;;) {
    const remote = await connectToServer(place)
    if (remote !== undefined) return remote
    const { openLake } = await import('./lake.ts')
    try {
      return await openLake(place, options)
    } catch (error) {
      if (!(error instanceof MillraceError) || error.code !== 'LAKE_BUSY' || Date.now() > giveUpAt) throw error
    }
    await pause(100)
  }
}
