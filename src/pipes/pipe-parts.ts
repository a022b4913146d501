import type { DuckDBConnection } from '@duckdb/node-api'
import type { Timing } from '../aws/timing.ts'
import type { Loads } from '../loads.ts'
import type { Stages } from '../stages/open.ts'
import type { RetryRule } from './deliveries.ts'
import type { LogGroupTimes } from './log-group-reader.ts'

/** How much listings look at. */
export interface ListingTimes {
  /** Keys of log files say their day: earlier days than so long ago are left to the listings of everything. */
  readonly lookBackMs: number
  /** Between two listings of everything. */
  readonly wholeMs: number
}

/** What pipes need of the lake they fill. */
export interface PipeParts {
  readonly loads: Loads
  readonly stages: Stages
  readonly transaction: <T>(work: (connection: DuckDBConnection) => Promise<T>, signal?: AbortSignal) => Promise<T>
  readonly timing: Timing
  readonly listing: ListingTimes
  readonly logGroups: LogGroupTimes
  readonly spool: string
  readonly reached: (point: string) => void
  readonly failed: (pipe: string | undefined, error: unknown) => void
  readonly rule: RetryRule
}
