import { setTimeout as pause } from 'node:timers/promises'

/** One query or load that a request has started. */
export interface Work {
  /** Aborts when the request does, or when the server stops. */
  readonly signal: AbortSignal
  abort(): void
  end(): void
}

/** The queries and loads that requests have started: stopping the server ends them, and waits for them. */
export class RunningWork {
  private readonly controllers = new Set<AbortController>()
  private readonly ended: (() => void)[] = []
  private isStopping = false

  begin(request: AbortSignal): Work {
    const controller = new AbortController()
    const abort = (): void => {
      controller.abort()
    }
    if (request.aborted || this.isStopping) abort()
    request.addEventListener('abort', abort)
    this.controllers.add(controller)
    const end = (): void => {
      request.removeEventListener('abort', abort)
      this.controllers.delete(controller)
      if (this.controllers.size === 0) for (const resolve of this.ended.splice(0)) resolve()
    }
    return { signal: controller.signal, abort, end }
  }

  /** Aborts everything and waits until it has ended, or the time is over. */
  async stop(withinMs: number): Promise<void> {
    this.isStopping = true
    for (const controller of this.controllers) controller.abort()
    if (this.controllers.size === 0) return
    const allEnded = new Promise<void>((resolve) => {
      this.ended.push(resolve)
    })
    await Promise.race([allEnded, pause(withinMs, undefined, { ref: false })])
  }
}
