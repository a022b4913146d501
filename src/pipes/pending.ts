import type { StageObject } from '../stages/stage.ts'

/**
 * Why an object was not loaded: the object itself is at fault, and trying again helps nobody; something that may pass; or nothing can be loaded at all now,
 * which says nothing of the object.
 */
export type Fault = 'own' | 'passing' | 'systemic'

/** What became of an object that a pipe was told of. */
export type Settlement =
  /** Loaded, or held by history already, or gone before it could be read: nothing is left to do. */
  | { readonly result: 'done' }
  /** Nothing was tried to its end, since the pipe stops: it is to be told again. */
  | { readonly result: 'returned' }
  | { readonly result: 'failed'; readonly code: string; readonly reason: string; readonly fault: Fault }

/** An object that waits to be loaded. */
export interface PendingObject {
  readonly object: StageObject
  /** Epoch milliseconds: when it was written, as far as is known. */
  readonly writtenMs: number
  /** When it came here. */
  readonly sinceMs: number
  /** Those who wait for what becomes of it. */
  readonly waiting: readonly ((settlement: Settlement) => void)[]
}

/** Tells those who wait for it. */
export function settle({ waiting }: PendingObject, settlement: Settlement): void {
  for (const tell of waiting) tell(settlement)
}

/** Objects that are taken at once. */
export interface Portion {
  readonly objects: number
  readonly bytes: number
}

/** The objects that a pipe was told of and has not begun to load, in the order they came. The same version told of twice waits once. */
export class Pending {
  private readonly objects = new Map<string, PendingObject>()
  private readonly wakes = new Set<() => void>()

  get size(): number {
    return this.objects.size
  }

  /** The one that came first. */
  get first(): PendingObject | undefined {
    return this.objects.values().next().value
  }

  add({ object, writtenMs, sinceMs, waiting }: PendingObject): void {
    const key = `${object.uri}\0${object.version}`
    const known = this.objects.get(key)
    this.objects.set(
      key,
      known === undefined
        ? { object, writtenMs, sinceMs, waiting }
        : { ...known, waiting: [...known.waiting, ...waiting] },
    )
    for (const wake of this.wakes) wake()
  }

  /** Takes the first ones out, at least one where there is one; of each URI one version, since a load decides on them one by one. */
  take({ objects: most, bytes: mostBytes }: Portion): PendingObject[] {
    const taken = new Map<string, PendingObject>()
    let bytes = 0
    for (const [key, pending] of this.objects) {
      if (taken.size >= most || (taken.size > 0 && bytes + pending.object.size > mostBytes)) break
      if (taken.has(pending.object.uri)) continue
      taken.set(pending.object.uri, pending)
      bytes += pending.object.size
      this.objects.delete(key)
    }
    return [...taken.values()]
  }

  /** Takes all of them out. */
  takeAll(): PendingObject[] {
    const all = [...this.objects.values()]
    this.objects.clear()
    return all
  }

  /** Resolves when there is something to take, or the signal is aborted. */
  async whenSome(signal: AbortSignal): Promise<void> {
    while (this.objects.size === 0 && !signal.aborted)
      await new Promise<void>((resolve) => {
        const done = (): void => {
          signal.removeEventListener('abort', done)
          this.wakes.delete(done)
          resolve()
        }
        this.wakes.add(done)
        signal.addEventListener('abort', done)
      })
  }
}
