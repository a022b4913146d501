import { type ChildProcessByStdio, spawn } from 'node:child_process'
import { existsSync, readFileSync, realpathSync } from 'node:fs'
import type { Readable, Writable } from 'node:stream'
import { fileURLToPath } from 'node:url'
import { MillraceError } from '../errors.ts'
import { type Answer, type CagedFunction, type Language, answerSchema } from './caged-function.ts'
import { Frames, frameOf } from './frame.ts'
import type { Limits } from './limits.ts'
import { readableFor } from './readable.ts'
import { builtFolder } from '../program.ts'

const folder = fileURLToPath(new URL('cages/', builtFolder))

/** The packages that the program of a cage reads, and no other file. */
const packages = {
  PYTHON: ['pyodide'],
  JAVASCRIPT: ['quickjs-emscripten-core', '@jitl/quickjs-wasmfile-release-sync', '@jitl/quickjs-ffi-types'],
} as const satisfies Record<Language, readonly string[]>

/** What Node and the language take beside what functions hold. */
const ownBytes = { PYTHON: 512, JAVASCRIPT: 256 } as const

const startMs = 60_000
const watchMs = 50
const mebibyte = 1024 * 1024

type Child = ChildProcessByStdio<Writable, Readable, null>

function argumentsFor(language: Language, limits: Limits): string[] {
  const flag = process.allowedNodeEnvironmentFlags.has('--permission') ? '--permission' : '--experimental-permission'
  const own = realpathSync(folder)
  return [
    '--no-warnings',
    flag,
    ...readableFor(own, packages[language]).map((path) => `--allow-fs-read=${path}`),
    '--disallow-code-generation-from-strings',
    `--max-old-space-size=${Math.ceil((limits.outputBytes * 4) / mebibyte) + 128}`,
    `${own}/${language.toLowerCase()}-cage.js`,
    JSON.stringify(limits),
  ]
}

/** What a process holds in memory; undefined where the system does not say. */
function residentBytes(pid: number | undefined): number | undefined {
  const file = `/proc/${pid}/statm`
  if (pid === undefined || !existsSync(file)) return undefined
  try {
    return Number(readFileSync(file, 'utf8').split(' ')[1]) * 4096
  } catch {
    return undefined
  }
}

/** One process, and what is asked of it. One batch is under way at a time. */
class Inmate {
  isEnded = false
  private readonly child: Child
  private readonly told = new Set<string>()
  private waiting:
    | { resolve(given: { answer: Answer; body: Uint8Array }): void; reject(error: Error): void }
    | undefined

  constructor(language: Language, limits: Limits) {
    this.child = spawn(process.execPath, argumentsFor(language, limits), {
      env: {},
      cwd: folder,
      stdio: ['pipe', 'pipe', 'ignore'],
    })
    // What is left to a lake that was not closed ends with the process.
    this.child.unref()
    const frames = new Frames(limits.outputBytes + mebibyte)
    this.child.stdout.on('data', (chunk: Uint8Array) => {
      try {
        for (const { head, body } of frames.take(chunk)) this.settle(answerSchema.parse(head), body)
      } catch {
        this.end('gave what is no answer')
      }
    })
    this.child.stdin.on('error', () => undefined)
    this.child.on('error', () => {
      this.end('could not be started')
    })
    this.child.on('exit', () => {
      this.end('broke its process')
    })
    this.watch(limits.memoryBytes + ownBytes[language] * mebibyte)
  }

  /** Sends a batch; `definition` goes along the first time. */
  ask(id: string, definition: CagedFunction, body: Uint8Array): Promise<{ answer: Answer; body: Uint8Array }> {
    const answer = this.next()
    const head = this.told.has(id) ? { id } : { id, definition }
    this.told.add(id)
    for (const part of frameOf(head, body)) this.child.stdin.write(part)
    return answer
  }

  /** Forgets a function that could not be read. */
  forget(id: string): void {
    this.told.delete(id)
  }

  next(): Promise<{ answer: Answer; body: Uint8Array }> {
    return new Promise((resolve, reject) => {
      if (this.isEnded) reject(new Error('broke its process'))
      else this.waiting = { resolve, reject }
    })
  }

  end(why: string): void {
    if (this.isEnded) return
    this.isEnded = true
    this.child.kill('SIGKILL')
    this.child.stdin.destroy()
    this.child.stdout.destroy()
    this.waiting?.reject(new Error(why))
  }

  private settle(answer: Answer, body: Uint8Array): void {
    const { waiting } = this
    this.waiting = undefined
    waiting?.resolve({ answer, body })
  }

  private watch(maxBytes: number): void {
    const timer = setInterval(() => {
      if (this.isEnded) clearInterval(timer)
      else if ((residentBytes(this.child.pid) ?? 0) > maxBytes) this.end('took more memory than it may')
    }, watchMs)
    timer.unref()
  }
}

/** Where the functions of one language run: a process that starts with the first batch, and is replaced after a fault. */
export class Cage {
  private readonly language: Language
  private readonly limits: Limits
  private inmate: Inmate | undefined
  private turn: Promise<unknown> = Promise.resolve()
  private idle: NodeJS.Timeout | undefined
  private isClosed = false

  constructor(language: Language, limits: Limits) {
    this.language = language
    this.limits = limits
  }

  /**
   * Calls a function with a batch, `[[number of the call, …], [first argument, …], …]` as JSON; gives the body of `done`. Batches take turns.
   * Fails with FUNCTION_FAILED, which names the function; after a limit was reached, the next batch has a new process.
   */
  call(id: string, definition: CagedFunction, body: Uint8Array, signal?: AbortSignal): Promise<Uint8Array> {
    const result = this.turn.then(() => this.done(id, definition, body, signal))
    this.turn = result.catch(() => undefined)
    return result
  }

  close(): void {
    this.isClosed = true
    clearTimeout(this.idle)
    this.inmate?.end('was ended, since its lake was closed')
  }

  private async done(
    id: string,
    definition: CagedFunction,
    body: Uint8Array,
    signal?: AbortSignal,
  ): Promise<Uint8Array> {
    signal?.throwIfAborted()
    clearTimeout(this.idle)
    const { name } = definition
    const inmate = await this.started(name)
    const { batchMs } = this.limits
    const timer = setTimeout(() => {
      inmate.end(`took longer than ${batchMs / 1000} seconds for a batch of calls`)
    }, batchMs)
    const onAbort = (): void => {
      inmate.end('was cancelled')
    }
    signal?.addEventListener('abort', onAbort)
    try {
      const { answer, body: given } = await inmate.ask(id, definition, body).catch((error: unknown) => {
        signal?.throwIfAborted()
        throw failure(name, error instanceof Error ? error.message : String(error))
      })
      if (answer.state === 'done') return given
      if (answer.state === 'spent') inmate.end(answer.message)
      else inmate.forget(id)
      throw failure(name, answer.state === 'ready' ? 'gave no answer' : answer.message)
    } finally {
      clearTimeout(timer)
      signal?.removeEventListener('abort', onAbort)
      this.idle = setTimeout(() => {
        this.inmate?.end('was idle')
      }, this.limits.idleMs)
      this.idle.unref()
    }
  }

  private async started(name: string): Promise<Inmate> {
    if (this.isClosed) throw failure(name, 'was called while its lake was closed')
    if (this.inmate?.isEnded === false) return this.inmate
    const inmate = new Inmate(this.language, this.limits)
    this.inmate = inmate
    const timer = setTimeout(() => {
      inmate.end('was not started in time')
    }, startMs)
    try {
      await inmate.next()
      return inmate
    } catch (error) {
      throw failure(name, `has no cage: ${error instanceof Error ? error.message : String(error)}`)
    } finally {
      clearTimeout(timer)
    }
  }
}

function failure(name: string, why: string): MillraceError {
  return new MillraceError('FUNCTION_FAILED', `The function ${name} failed: ${why}.`)
}
