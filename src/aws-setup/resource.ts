import type { Clients } from './clients.ts'
import type { Step } from './step.ts'

/**
 * How what is there compares with what is wanted. `foreign`: something is there that this setup did not make, and it is left as it is.
 */
export type State = 'missing' | 'same' | 'differs' | 'foreign'

/** What a comparison says. Steps make what is there what is wanted. */
export interface Comparison {
  readonly state: State
  /** In words, a difference each: `its visibility timeout is 30, not 300`. */
  readonly differences: readonly string[]
  readonly steps: readonly Step[]
  /** Sentences that the user should know, whatever the state. */
  readonly remarks?: readonly string[]
  /** A sentence that says why it cannot be made, and what to do. Nothing is applied then. */
  readonly obstacle?: string
  /** AWS has given up on it: waiting does not make it what is wanted. */
  readonly hasFailed?: boolean
}

/** What taking a resource away comes to. */
export interface Removal {
  readonly steps: readonly Step[]
  /** Sentences: what stays, and why. */
  readonly remarks?: readonly string[]
}

/** What the user said besides when taking things away. */
export interface RemovalOptions {
  /** The bucket whose objects may be deleted, by name. */
  readonly deleteData: string | undefined
}

/**
 * A kind of resource: one file in `resources/`. Reading has effects, the rest is pure. `Wanted` is plain data with `kind` and `name`; `Found` what
 * `compare`, `remove` and `facts` need of what is there.
 */
export interface Kind<Wanted extends WantedBase, Found> {
  /** Undefined where there is none, also where what it belongs to is missing. Rejects as the SDK does. */
  read(wanted: Wanted, on: Clients): Promise<Found | undefined>
  compare(wanted: Wanted, found: Found | undefined): Comparison
  /** Only what this setup has made. */
  remove(wanted: Wanted, found: Found, options: RemovalOptions): Removal
  /** What `describe` tells: counts, delivery status, errors. */
  facts?(wanted: Wanted, found: Found): readonly string[]
}

export interface WantedBase {
  /** As people call it: `queue policy`. */
  readonly kind: string
  /** What it is called, or what it belongs to. */
  readonly name: string
}

/** A wanted resource with all that can be done with it. */
export interface Resource<Wanted extends WantedBase = WantedBase> {
  readonly wanted: Wanted
  /** What is sent where nothing is there yet. Pure. */
  fresh(): readonly Step[]
  look(on: Clients): Promise<Comparison>
  removal(on: Clients, options: RemovalOptions): Promise<Removal>
  facts(on: Clients): Promise<readonly string[]>
}

/** What is wanted, together with its kind. */
export function bind<Wanted extends WantedBase, Found>(kind: Kind<Wanted, Found>, wanted: Wanted): Resource<Wanted> {
  return {
    wanted,
    fresh: () => kind.compare(wanted, undefined).steps,
    look: async (on) => kind.compare(wanted, await kind.read(wanted, on)),
    removal: async (on, options) => {
      const found = await kind.read(wanted, on)
      return found === undefined ? { steps: [] } : kind.remove(wanted, found, options)
    },
    facts: async (on) => {
      const found = await kind.read(wanted, on)
      return found === undefined ? [] : (kind.facts?.(wanted, found) ?? [])
    },
  }
}
