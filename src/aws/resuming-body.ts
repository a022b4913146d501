import { Readable } from 'node:stream'
import type { Attempts } from './attempts.ts'
import type { OpenAnswer } from './pools.ts'
import { headerOf } from './service-failure.ts'
import { TransportFailure } from './transport-failure.ts'

/** What reading an object to its end takes. */
export interface Resumable {
  /** As it came with the head of the answer. */
  readonly body: Readable
  /** Bytes of the whole object. */
  readonly size: number
  /** Attempts left for this object. */
  readonly attempts: Attempts
  /** Asks for the rest from that byte on, of the same content. */
  readonly resume: (from: number) => Promise<OpenAnswer>
  /** What the reader is told of a failure. */
  readonly explain: (error: unknown) => unknown
}

/** The bytes of an object. Where a connection breaks, it goes on from the byte that it came to. Ends after exactly `size` bytes, or fails. */
export class ResumingBody extends Readable {
  private readonly given: Resumable
  private current: Readable
  private parts: AsyncIterator<unknown>
  private bytes = 0

  constructor(given: Resumable) {
    super()
    this.given = given
    this.current = given.body
    this.parts = this.current.iterator()
  }

  override _read(): void {
    this.pushNext().catch((error: unknown) => {
      const told = this.given.explain(error)
      this.destroy(told instanceof Error ? told : new Error('The request was given up.', { cause: told }))
    })
  }

  override _destroy(error: Error | null, done: (error?: Error | null) => void): void {
    this.current.destroy()
    done(error)
  }

  private async pushNext(): Promise<void> {
    for (let part = await nextOf(this.parts); !this.destroyed; part = await nextOf(this.parts)) {
      if (Buffer.isBuffer(part)) {
        this.bytes += part.length
        this.push(part)
        return
      }
      if (this.bytes === this.given.size) {
        this.push(null)
        return
      }
      await this.goOn(part)
    }
  }

  private async goOn(failure: TransportFailure | undefined): Promise<void> {
    const { size, attempts, resume } = this.given
    this.current.destroy()
    const early = new Error(`${this.bytes} of ${size} bytes came`)
    await attempts.afterFailure(failure ?? new TransportFailure('body', early, true))
    if (this.destroyed) return
    const answer = await resume(this.bytes)
    this.current = answer.body
    this.parts = this.current.iterator()
    if (this.destroyed) this.current.destroy()
    else if (!isRest(answer, this.bytes, size))
      throw new TransportFailure('body', new Error(`the server does not go on from byte ${this.bytes}`), false)
  }
}

/** The next bytes, why there are none, or undefined at the end. */
async function nextOf(parts: AsyncIterator<unknown>): Promise<Buffer | TransportFailure | undefined> {
  try {
    const next: IteratorResult<unknown, unknown> = await parts.next()
    if (next.done === true) return undefined
    return Buffer.isBuffer(next.value) ? next.value : new TransportFailure('body', new Error('no bytes came'), false)
  } catch (error) {
    return new TransportFailure('body', error)
  }
}

function isRest({ status, headers }: OpenAnswer, from: number, size: number): boolean {
  return status === 206 && headerOf(headers, 'content-range') === `bytes ${from}-${size - 1}/${size}`
}
