import type { IncomingHttpHeaders } from 'node:http'
import type { Dispatcher } from 'undici'
import type { HttpAnswer } from './pools.ts'
import { TransportFailure } from './transport-failure.ts'

/** Gathers one answer without a stream in between; the body is copied once, out of the connection's buffer. `bench/s3-get.mjs` measures both ways. */
export class WholeAnswer implements Dispatcher.DispatchHandler {
  private readonly maxBytes: number
  private readonly signal: AbortSignal | undefined
  private readonly resolve: (answer: HttpAnswer) => void
  private readonly reject: (error: unknown) => void
  private readonly abort: (() => void) | undefined
  private controller: Dispatcher.DispatchController | undefined
  private status = 0
  private headers: IncomingHttpHeaders = {}
  /** As announced. No bytes of it come in answer to HEAD. */
  private length: number | undefined
  private whole: Buffer | undefined
  private parts: Buffer[] = []
  private bytes = 0

  constructor(
    maxBytes: number,
    signal: AbortSignal | undefined,
    resolve: (answer: HttpAnswer) => void,
    reject: (error: unknown) => void,
  ) {
    this.maxBytes = maxBytes
    this.signal = signal
    this.resolve = resolve
    this.reject = reject
    if (signal === undefined) return
    this.abort = () => {
      this.end()
      this.reject(signal.reason)
      this.controller?.abort(new Error('The request was given up.'))
    }
    signal.addEventListener('abort', this.abort, { once: true })
  }

  onRequestStart(controller: Dispatcher.DispatchController): void {
    this.controller = controller
    // It may have waited for a connection.
    if (this.signal?.aborted === true) controller.abort(new Error('The request was given up.'))
  }

  onResponseStart(controller: Dispatcher.DispatchController, statusCode: number, headers: IncomingHttpHeaders): void {
    // A head of its own, such as 103, goes before the answer's.
    if (statusCode < 200) return
    this.status = statusCode
    this.headers = headers
    const length = Number(headers['content-length'])
    if (length > this.maxBytes) this.refuse(controller)
    else if (length >= 0) this.length = length
  }

  onResponseData(controller: Dispatcher.DispatchController, chunk: Buffer): void {
    const start = this.bytes
    this.bytes += chunk.length
    if (this.bytes > this.maxBytes) this.refuse(controller)
    else if (this.length === undefined) this.parts.push(Buffer.from(chunk))
    else chunk.copy((this.whole ??= Buffer.allocUnsafeSlow(this.length)), start)
  }

  onResponseEnd(): void {
    this.end()
    // It is filled: undici fails bodies that end early.
    const body = this.whole ?? Buffer.concat(this.parts)
    this.resolve({ status: this.status, headers: this.headers, body, isWhole: true })
  }

  onResponseError(_controller: Dispatcher.DispatchController, error: Error): void {
    this.end()
    this.reject(new TransportFailure(this.status === 0 ? 'answer' : 'body', error))
  }

  private refuse(controller: Dispatcher.DispatchController): void {
    this.end()
    this.resolve({ status: this.status, headers: this.headers, body: Buffer.alloc(0), isWhole: false })
    controller.abort(new Error(`The answer is larger than ${this.maxBytes} bytes.`))
  }

  private end(): void {
    if (this.abort !== undefined) this.signal?.removeEventListener('abort', this.abort)
  }
}
