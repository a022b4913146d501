import type { CatalogObject } from '../../catalog/objects.ts'
import type { Dialect } from '../dialects.ts'
import type { Change, Outcome } from '../execution/plan.ts'
import type { ScriptLake } from '../execution/script-lake.ts'
import type { Session } from '../execution/session.ts'
import type { PipelineStatement } from '../statement/registry.ts'

/** What statements that reach beyond the catalog work with. */
export interface ActionContext {
  readonly lake: ScriptLake
  /** The catalog, as it was when the statement began. */
  readonly objects: readonly CatalogObject[]
  readonly session: Session
  readonly dialect: Dialect
  /** More rows than these are not shown. */
  readonly maxRows: number
  readonly signal: AbortSignal | undefined
  /** Does what a statement means to the catalog, with further steps in the same transaction where it changes anything. */
  readonly apply: (statement: PipelineStatement, beside: readonly Change[]) => Promise<Outcome>
  /** A query of the script's dialect, as the engine runs it. */
  readonly translate: (sql: string) => Promise<EngineQuery>
}

/** A query in the engine's own dialect. */
export interface EngineQuery {
  readonly sql: string
  /** Where its names are looked up first. */
  readonly schema: string | undefined
  readonly notices: readonly string[]
}

/** How one kind of statement is done. */
export type Action<K extends PipelineStatement['kind']> = (
  statement: Extract<PipelineStatement, { readonly kind: K }>,
  context: ActionContext,
) => Promise<Outcome>
