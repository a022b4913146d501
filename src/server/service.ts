import type { Logger } from 'pino'
import type { Lake } from '../api.ts'
import type { Metrics } from './metrics.ts'
import type { RunningWork } from './running-work.ts'

/** What the routes work on. */
export interface Service {
  readonly lake: Lake
  readonly work: RunningWork
  readonly metrics: Metrics
  readonly log: Logger
}
