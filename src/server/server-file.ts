import { chmod, readFile, rename, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'

/** What `server.json` in a lake says of the server that has it open. */
export interface ServerFile {
  readonly url: string
  readonly token: string
  readonly pid: number
  readonly startedAt: string
}

// Only this machine: a lake copied from elsewhere must not send its reader's statements away.
const urlPattern = /^http:\/\/(127\.0\.0\.1|\[::1\]):\d{1,5}$/

function textIn(content: unknown, name: string): string {
  const value: unknown = typeof content === 'object' && content !== null ? Reflect.get(content, name) : undefined
  return typeof value === 'string' || typeof value === 'number' ? String(value) : ''
}

function parse(content: unknown): ServerFile | undefined {
  const found = {
    url: textIn(content, 'url'),
    token: textIn(content, 'token'),
    pid: Number(textIn(content, 'pid')),
    startedAt: textIn(content, 'startedAt'),
  }
  const isSound =
    urlPattern.test(found.url) && /^[\w-]{32,}$/.test(found.token) && Number.isSafeInteger(found.pid) && found.pid > 0
  return isSound ? found : undefined
}

function placeOf(lakeDirectory: string): string {
  return join(lakeDirectory, 'server.json')
}

/** Says in the lake where its server is, for its owner only. */
export async function writeServerFile(lakeDirectory: string, content: ServerFile): Promise<void> {
  await chmod(lakeDirectory, 0o700)
  const place = placeOf(lakeDirectory)
  const part = `${place}.part`
  await rm(part, { force: true })
  await writeFile(part, `${JSON.stringify(content, null, 2)}\n`, { mode: 0o600, flag: 'wx' })
  await rename(part, place)
}

/** What the lake says of its server; undefined when there is none, or nothing that can be followed. */
export async function readServerFile(lakeDirectory: string): Promise<ServerFile | undefined> {
  try {
    const text = await readFile(placeOf(lakeDirectory), 'utf8')
    return parse(JSON.parse(text))
  } catch {
    return undefined
  }
}

/** Removes the file, unless another server has written its own by now. */
export async function removeServerFile(lakeDirectory: string, token: string): Promise<void> {
  const found = await readServerFile(lakeDirectory)
  if (found?.token === token) await rm(placeOf(lakeDirectory), { force: true })
}
