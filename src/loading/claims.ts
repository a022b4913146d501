import { until } from '../aws/timing.ts'

/** Objects that loads have in hand: two that plan at once must not both take one as new. */
export class Claims {
  private readonly taken = new Map<string, Promise<void>>()

  /** A load's own claims. */
  open(): OwnClaims {
    return new OwnClaims(this.taken)
  }
}

/** What one load has claimed. It waits for nothing while it holds anything, so loads never wait for each other in a circle. */
export class OwnClaims {
  private readonly taken: Map<string, Promise<void>>
  private readonly held = new Map<string, () => void>()

  constructor(taken: Map<string, Promise<void>>) {
    this.taken = taken
  }

  /** Claims an object; false where another load has it. */
  take(uri: string): boolean {
    if (this.held.has(uri)) return true
    if (this.taken.has(uri)) return false
    this.taken.set(
      uri,
      new Promise((resolve) => {
        this.held.set(uri, resolve)
      }),
    )
    return true
  }

  release(uris: Iterable<string>): void {
    for (const uri of uris) {
      const done = this.held.get(uri)
      if (done === undefined) continue
      this.held.delete(uri)
      this.taken.delete(uri)
      done()
    }
  }

  releaseAll(): void {
    this.release([...this.held.keys()])
  }

  /** Resolves when the others that have these objects now have let go of them; rejects once the signal is aborted. */
  async whenFree(uris: Iterable<string>, signal: AbortSignal | undefined): Promise<void> {
    for (const uri of uris) await until(signal, this.taken.get(uri) ?? Promise.resolve())
  }
}
