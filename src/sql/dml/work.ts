import type { DuckDBConnection } from '@duckdb/node-api'
import type { CallReport } from '../../api.ts'
import type { CatalogObject } from '../../catalog/objects.ts'
import type { StreamState } from '../../streams/stream-store.ts'
import type { Calls } from '../calls/calls.ts'
import type { Dialect } from '../dialects.ts'
import type { Session } from '../execution/session.ts'
import type { LakeNames } from '../relations/lake-names.ts'
import type { Known } from '../translation/known.ts'

/** What the statements of one transaction work in. */
export interface Work {
  /** Within a transaction of the lake's writer. */
  readonly connection: DuckDBConnection
  /** The id of its commit: every row that it writes has it. */
  readonly loadId: number
  /** When it began, in milliseconds since 1970. */
  readonly nowMs: number
  readonly dialect: Dialect
  readonly session: Session
  readonly objects: readonly CatalogObject[]
  readonly names: LakeNames
  readonly known: Known
  /** As they were when the transaction began. */
  readonly streams: readonly StreamState[]
  /** Those that statements which write have read: they move when it commits. */
  readonly consumed: Set<StreamState>
  /** Stored tables that rows were updated or deleted in. */
  readonly changed: Set<string>
  /** Tables of the connection that hold rows on their way. */
  readonly kept: Set<string>
  readonly calls: Calls
  /** Calls that the statement under way has made, and what is to be done when it has ended. */
  readonly made: { readonly reports: CallReport[]; readonly releases: (() => Promise<void>)[] }
  readonly signal: AbortSignal | undefined
}
