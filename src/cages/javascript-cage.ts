import { type QuickJSContext, type QuickJSHandle, newQuickJSWASMModuleFromVariant } from 'quickjs-emscripten-core'
import type { CagedFunction } from './caged-function.ts'
import { confine } from './confine.ts'
import { javascriptRunner } from './javascript-runner.ts'
import { limitsOf } from './limits.ts'
import { type Batch, Spent, serveCalls } from './serve-calls.ts'

const stackBytes = 512 * 1024

const limits = limitsOf(process.argv[2])
confine(limits.memoryBytes * 2)
const quickjs = await newQuickJSWASMModuleFromVariant(import('@jitl/quickjs-wasmfile-release-sync'))

function messageIn(context: QuickJSContext, error: QuickJSHandle): string {
  const dumped: unknown = context.dump(error)
  error.dispose()
  if (typeof dumped !== 'object' || dumped === null) return String(dumped)
  const [name, message] = ['name', 'message'].map((key) => String(Reflect.get(dumped, key) ?? ''))
  return `${name}: ${message}`
}

/** A function in a realm, and with a memory, of its own. */
function batchOf(definition: CagedFunction): Batch {
  const runtime = quickjs.newRuntime({ memoryLimitBytes: limits.memoryBytes, maxStackSizeBytes: stackBytes })
  const context = runtime.newContext()
  let end = Infinity
  runtime.setInterruptHandler(() => performance.now() > end)
  const call = (callee: QuickJSHandle, text: string): QuickJSHandle => {
    end = performance.now() + limits.batchMs
    const given = context.newString(text)
    const result = context.callFunction(callee, context.undefined, given)
    given.dispose()
    if (result.error === undefined) return result.value
    const message = messageIn(context, result.error)
    if (/^InternalError: (interrupted|out of memory)/.test(message) || message.startsWith('null'))
      throw new Spent(performance.now() > end ? 'took longer than it may' : 'took more memory than it may')
    throw new Error(message)
  }
  const runner = context.unwrapResult(context.evalCode(javascriptRunner, 'runner'))
  const batch = call(runner, JSON.stringify(definition))
  return (body) => {
    const result = call(batch, Buffer.from(body).toString())
    const text = context.getString(result)
    result.dispose()
    return Buffer.from(text)
  }
}

serveCalls(batchOf, { maxBytes: limits.outputBytes })
