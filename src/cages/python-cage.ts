import { readFileSync } from 'node:fs'
import type { PyProxy } from 'pyodide/ffi'
import type { CagedFunction } from './caged-function.ts'
import { confine } from './confine.ts'
import { limitsOf } from './limits.ts'
import { loadPython } from './python.ts'
import { pythonRunner } from './python-runner.ts'
import { type Batch, Spent, serveCalls } from './serve-calls.ts'

/** What Pyodide itself takes of its memory. */
const ownBytes = 64 * 1024 * 1024

type Runner = (...given: readonly unknown[]) => unknown

function isRunner(value: unknown): value is Runner {
  return typeof value === 'function'
}

function isProxy(value: unknown): value is PyProxy & { get(index: number): unknown; getBuffer(): Bytes } {
  return (typeof value === 'object' || typeof value === 'function') && value !== null && 'destroy' in value
}

interface Bytes {
  readonly data: Uint8Array
  release(): void
}

function runnerAt(list: unknown, index: number): Runner {
  const runner = isProxy(list) ? list.get(index) : undefined
  if (isRunner(runner)) return runner
  throw new Error('The runner of Python is not what it was.')
}

/** An error of a function, which Python told as a value. Any other means that Python itself is broken. */
class Told extends Error {}

/** What a call gave. */
function resultOf(answer: unknown): unknown {
  if (!isProxy(answer)) throw new Error('Python gave no answer.')
  const [isDone, result] = [answer.get(0), answer.get(1)]
  answer.destroy()
  if (isDone === true) return result
  if (result === 'memory') throw new Spent('took more memory than it may')
  throw new Told(String(result))
}

function bytesOf(proxy: unknown): Uint8Array {
  if (!isProxy(proxy)) throw new Error('Python gave no bytes.')
  const buffer = proxy.getBuffer()
  const bytes = Buffer.from(buffer.data)
  buffer.release()
  proxy.destroy()
  return bytes
}

const limits = limitsOf(process.argv[2])
confine(limits.memoryBytes + ownBytes)
// Made by the build: what Python does at its beginning takes 2 s, this 0.3.
const snapshot = readFileSync(new URL('./python.snapshot', import.meta.url))
const python = await loadPython({ _loadSnapshot: snapshot })
const runners: unknown = python.runPython(pythonRunner)
const [read, call, room] = [runnerAt(runners, 0), runnerAt(runners, 1), runnerAt(runners, 2)]
runnerAt(runners, 3)()

let endMs = Infinity
let looks = 0
// Python looks here now and then. The lake ends what takes too long; where the lake itself was killed, nobody would.
const clock = {
  get 0() {
    looks += 1
    if (looks % 256 === 0 && performance.now() > endMs) process.exit(0)
    return 0
  },
  set 0(_: number) {
    // Python takes a signal back that it has seen.
  },
}
const listen: unknown = Reflect.get(python, 'setInterruptBuffer')
if (!isRunner(listen)) throw new Error('Python cannot be interrupted.')
listen(clock)

function batchOf(definition: CagedFunction): Batch {
  const batch = resultOf(read(JSON.stringify(definition)))
  return (body) => {
    const given = room(body.length)
    if (!isProxy(given)) throw new Error('Python gave no room.')
    const buffer = given.getBuffer()
    buffer.data.set(body)
    buffer.release()
    try {
      return bytesOf(resultOf(call(batch, given)))
    } finally {
      given.destroy()
    }
  }
}

/** Any error but those that Python tells leaves it in a state that nobody knows: such as the end of the process, which functions can ask for. */
function whole<T>(work: () => T): T {
  endMs = performance.now() + 2 * limits.batchMs
  try {
    return work()
  } catch (error) {
    if (error instanceof Told || error instanceof Spent) throw error
    throw new Spent(`broke Python's runtime (${error instanceof Error ? error.message : String(error)})`)
  } finally {
    endMs = Infinity
  }
}

serveCalls(
  (definition) => {
    const batch = whole(() => batchOf(definition))
    return (body) => whole(() => batch(body))
  },
  { maxBytes: limits.outputBytes },
)
