import { type ChildProcess, fork } from 'node:child_process'
import { onTestFinished } from 'vitest'
import { z } from 'zod'
import type { LoadOptions, OpenOptions, ReplayOptions } from '../../src/index.ts'

/** What a child process is to do. */
export interface ChildTask {
  readonly directory: string
  /** Opens the lake only, when absent. */
  readonly folder?: string
  readonly openOptions?: OpenOptions
  readonly loadOptions?: LoadOptions
  /** Replays rejects, when present. */
  readonly replayOptions?: ReplayOptions
  /** A user without rights, by number. */
  readonly user?: number
  /** Ends the process as `kill -9` does, at the nth time it reaches a named point. */
  readonly kill?: { readonly point: string; readonly occurrence: number }
  /** Keeps the lake open until the process is ended. */
  readonly stay?: boolean
}

const summarySchema = z.object({
  files: z.number(),
  skipped_files: z.number(),
  failed_files: z.number(),
  rows: z.number(),
  rejects: z.number(),
  faults: z.array(z.object({ file: z.string(), code: z.string(), message: z.string() })),
})

const messageSchema = z.discriminatedUnion('is', [
  z.object({ is: z.literal('opened') }),
  z.object({ is: z.literal('done'), summary: summarySchema.optional(), peakBytes: z.number() }),
  z.object({ is: z.literal('failed'), code: z.string().optional(), message: z.string() }),
])
type Message = z.infer<typeof messageSchema>

/** What became of a child: its last word, or that it was killed before it had one. */
export type ChildOutcome = Exclude<Message, { is: 'opened' }> | { readonly is: 'killed'; readonly wasOpen: boolean }

export interface RunningChild {
  readonly process: ChildProcess
  /** Settles when the lake is open, or when there is nothing to wait for any more. */
  readonly opened: Promise<void>
  /** Settles with the child's last word, or its death. */
  readonly outcome: Promise<ChildOutcome>
  /** Settles when the process is gone. */
  readonly ended: Promise<void>
}

/** Starts a process that opens a lake and loads a folder. It ends with the test at the latest. */
export function startChild(task: ChildTask): RunningChild {
  const child = fork(new URL('./load-child.mjs', import.meta.url), {
    stdio: ['ignore', 'inherit', 'inherit', 'ipc'],
    execArgv: [],
  })
  onTestFinished(() => {
    child.kill('SIGKILL')
  })
  let wasOpen = false
  let setOpened = (): void => undefined
  const opened = new Promise<void>((resolve) => {
    setOpened = resolve
  })
  const outcome = new Promise<ChildOutcome>((resolve, reject) => {
    child.on('message', (raw) => {
      const message = messageSchema.parse(raw)
      if (message.is === 'opened') {
        wasOpen = true
        setOpened()
      } else resolve(message)
    })
    child.on('error', reject)
    child.on('exit', (code, signal) => {
      setOpened()
      if (signal === 'SIGKILL') resolve({ is: 'killed', wasOpen })
      else reject(new Error(`the child ended with code ${code}`))
    })
  })
  const ended = new Promise<void>((resolve) => {
    child.on('exit', () => resolve())
  })
  child.send(task)
  return { process: child, opened, outcome, ended }
}

/** Runs a child to its end. */
export async function runChild(task: ChildTask): Promise<ChildOutcome> {
  const { outcome, ended } = startChild(task)
  const result = await outcome
  if (task.stay !== true) await ended
  return result
}
