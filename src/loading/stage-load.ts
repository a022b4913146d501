import type { LoadProgress, OnChange } from '../api.ts'
import type { StageObject } from '../stages/stage.ts'
import type { Claims, OwnClaims } from './claims.ts'
import type { ErrorRule } from './error-rule.ts'
import type { HistoryRow } from './history.ts'
import type { ParserPool } from './parser-pool.ts'
import type { Patience } from './patience.ts'
import type { ReadSettings } from './started-batch.ts'
import type { Sums } from './sums.ts'
import type { Writer } from './writer.ts'

/** What a load works with. */
export interface LoadContext {
  readonly writer: Writer
  readonly pool: ParserPool
  readonly claims: Claims
  readonly settings: ReadSettings
  /** Bytes of log text that commit together. */
  readonly commitBytes: number
  readonly reached: (point: string) => void
}

/** What became of an object that a load met; `skipped` where history held it. */
export type ObjectOutcome = Pick<HistoryRow, 'uri' | 'version'> &
  (Omit<HistoryRow, 'uri' | 'version'> | { readonly status: 'skipped' })

/** How a stage is loaded. */
export interface StageLoad {
  readonly onError: ErrorRule
  readonly onChange: OnChange
  readonly force: boolean | 'beside'
  /** Only objects whose date lies in [from, to). */
  readonly from?: Date | undefined
  readonly to?: Date | undefined
  readonly signal?: AbortSignal | undefined
  readonly onProgress?: ((progress: LoadProgress) => void) | undefined
  /** Called with what became of objects, when that is certain: behind the commit. */
  readonly onObjects?: ((outcomes: readonly ObjectOutcome[]) => void) | undefined
  /** Told of objects that another load has, which are then left to the caller; without it, they are waited for. */
  readonly busy?: ((objects: readonly StageObject[]) => void) | undefined
  /** Objects that come too slowly are left to the caller; without it, they are waited for. Not where the first fault ends the load. */
  readonly late?: LateObjects | undefined
  /** The object as it is now, or undefined where it is gone. Asked before an object is noted as changed, where what told of it may be old. */
  readonly confirm?: ((object: StageObject) => Promise<StageObject | undefined>) | undefined
}

/** Objects that hold others up. Nothing of them is loaded or noted. */
export interface LateObjects {
  readonly patience: Patience
  readonly tell: (objects: readonly StageObject[]) => void
}

/** A load under way. */
export interface Run extends StageLoad {
  readonly context: LoadContext
  readonly own: OwnClaims
  readonly sums: Sums
  readonly report: () => void
}
