import type { Logger } from 'pino'
import type { Lake } from '../api.ts'
import type { OpenLake } from '../lake.ts'
import type { View } from '../sql/scope.ts'
import { readViews } from '../sql/views.ts'
import { DataVersion } from './data-version.ts'
import { KeptResults } from './kept-results.ts'
import { createMetrics, type Metrics } from './metrics.ts'
import { RunningWork } from './running-work.ts'

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

const keptLimits = { maxBytes: 32 * 1024 * 1024, maxResultBytes: 2 * 1024 * 1024, maxRunning: 2 }

/** Views in schema `logs` are made at every open, always the same, so they are read once. */
function viewsOf(lake: Lake): Service['views'] {
  const read: { views: ReturnType<Service['views']> | undefined } = { views: undefined }
  return () => {
    read.views ??= readViews(lake).catch((error: unknown) => {
      read.views = undefined
      throw error
    })
    return read.views
  }
}

/** A lake as the routes see it. */
export function serviceOf(lake: OpenLake, log: Logger): Service {
  const version = new DataVersion(lake)
  return {
    lake,
    work: new RunningWork(),
    metrics: createMetrics(lake),
    log,
    version,
    kept: new KeptResults(keptLimits, { version: () => version.read(), isLoading: () => lake.isLoading }),
    views: viewsOf(lake),
  }
}
