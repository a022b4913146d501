import { spawn } from 'node:child_process'
import { join } from 'node:path'

/** A moto of one test, where policies are enforced: a setting of the whole server. */
export interface OwnMoto {
  readonly url: string
  /** From here on, who may not do something is refused. */
  enforce(): Promise<void>
  close(): void
}

const python = process.platform === 'win32' ? join('.venv-aws', 'Scripts', 'python.exe') : '.venv-aws/bin/python'

export async function openOwnMoto(): Promise<OwnMoto> {
  const server = spawn(python, ['-m', 'moto.server', '-H', '127.0.0.1', '-p', '0'], {
    stdio: ['ignore', 'ignore', 'pipe'],
  })
  const url = await new Promise<string>((resolve, reject) => {
    let said = ''
    server.on('error', reject)
    server.on('exit', () => reject(new Error(`moto ended.\n${said}`)))
    server.stderr.on('data', (part: Buffer) => {
      if (said.length < 10_000) said += part.toString()
      const [, found] = /Running on (http:\/\/127\.0\.0\.1:\d+)/.exec(said) ?? []
      if (found !== undefined) resolve(found)
    })
  })
  return {
    url,
    enforce: async () => {
      const answer = await fetch(`${url}/moto-api/reset-auth`, { method: 'POST', body: '0' })
      if (!answer.ok) throw new Error(`moto answered ${answer.status}.`)
    },
    close: () => void server.kill(),
  }
}
