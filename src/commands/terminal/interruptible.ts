import { onStopSignal } from './signals.ts'
import { outputClosed } from './stdout.ts'

/** Runs something whose signal aborts at the first Ctrl-C, or when nobody reads its output. */
export async function interruptible<Result>(run: (signal: AbortSignal) => Promise<Result>): Promise<Result> {
  const controller = new AbortController()
  const abort = (): void => {
    controller.abort()
  }
  const unwatch = onStopSignal(abort)
  outputClosed.addEventListener('abort', abort)
  try {
    return await run(controller.signal)
  } finally {
    unwatch()
    outputClosed.removeEventListener('abort', abort)
  }
}
