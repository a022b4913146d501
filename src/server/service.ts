import type { Logger } from 'pino'
import type { Lake } from '../api.ts'
import type { View } from '../sql/scope.ts'
import type { DataVersion } from './data-version.ts'
import type { KeptResults } from './kept-results.ts'
import type { Metrics } from './metrics.ts'
import type { RunningWork } from './running-work.ts'

/** What the routes work on. */
export interface Service {
  readonly lake: Lake
  readonly work: RunningWork
  readonly metrics: Metrics
  readonly log: Logger
  readonly version: DataVersion
  /** Results of the page's tiles. */
  readonly kept: KeptResults
  /** The views that people read. */
  readonly views: () => Promise<readonly View[]>
}
