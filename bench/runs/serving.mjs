// A served lake in a process of its own, and requests to it as the page sends them.
import { spawn } from 'node:child_process'
import { fileURLToPath } from 'node:url'

/** Starts `millrace serve`; resolves once it listens. */
export async function serve(lake) {
  const cli = fileURLToPath(new URL('../../dist/cli.js', import.meta.url))
  const args = [cli, '--lake', lake, '--output', 'json', '--quiet', 'serve', '--port', '0']
  const child = spawn(process.execPath, args, { stdio: ['ignore', 'pipe', 'inherit'] })
  const exited = new Promise((resolve) => child.once('exit', resolve))
  let said = ''
  for await (const part of child.stdout) {
    said += part
    if (said.includes('}')) break
  }
  const { url } = JSON.parse(said)
  return {
    url,
    pid: child.pid,
    stop: async () => {
      child.kill('SIGTERM')
      await exited
    },
  }
}

/** Asks `/v1` with the cookie that opening the page gives. */
export async function openPage(url) {
  const opened = await fetch(url)
  const cookie = opened.headers.getSetCookie()[0].split(';')[0]
  const call = async (path, body) => {
    const response = await fetch(new URL(`/v1${path}`, url), {
      ...(body === undefined ? {} : { method: 'POST', body: JSON.stringify(body) }),
      headers: { cookie, 'content-type': 'application/json' },
    })
    const text = await response.text()
    if (!response.ok || text.includes('{"error"')) throw new Error(`${path}: ${text.slice(0, 500)}`)
    return text
  }
  return {
    get: async (path) => JSON.parse(await call(path)),
    /** A tile's question; returns the lines of the answer. */
    ask: async (question) =>
      (await call('/query', { ...question, keep: true }))
        .trimEnd()
        .split('\n')
        .map((line) => JSON.parse(line)),
  }
}

/** Rows of an answer, as arrays. */
export function rowsOf(lines) {
  return lines.flatMap((line) => line.rows ?? [])
}
