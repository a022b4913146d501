import type { Logger } from 'pino'
import type { Lake } from '../api.ts'
import type { OpenLake } from '../lake.ts'
import { lakeFiles } from '../lake/files.ts'
import { readSettings } from '../settings.ts'
import type { View } from '../sql/scope.ts'
import { readViews } from '../sql/views.ts'
import { type Athena, athenaOf } from './athena.ts'
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
  /** The built-in views, and those that names without a schema mean in people's statements. */
  readonly builtInViews: () => Promise<readonly View[]>
  readonly views: () => Promise<readonly View[]>
  readonly translate: OpenLake['translate']
  /** What Firehose posts. */
  readonly firehose: OpenLake['firehose']
  readonly refreshExternal: OpenLake['refreshExternal']
  /** Where the settings name it. */
  readonly athena: Athena | undefined
}

const keptLimits = { maxBytes: 32 * 1024 * 1024, maxResultBytes: 2 * 1024 * 1024, maxRunning: 2 }

/** Views in schema `logs` are made at every open, always the same, so they are read once; what the user makes can hide one. */
function viewsOf(lake: OpenLake): Pick<Service, 'views' | 'builtInViews'> {
  const read: { views: ReturnType<Service['views']> | undefined } = { views: undefined }
  const builtInViews = (): Promise<readonly View[]> => {
    read.views ??= readViews(lake).catch((error: unknown) => {
      read.views = undefined
      throw error
    })
    return read.views
  }
  const views = async (): Promise<readonly View[]> => {
    const [all, own] = await Promise.all([builtInViews(), lake.ownRelations()])
    return all.filter(({ name }) => !own.has(name.toLowerCase()))
  }
  return { builtInViews, views }
}

/** A lake as the routes see it. */
export function serviceOf(lake: OpenLake, log: Logger): Service {
  const version = new DataVersion(lake)
  const settings = readSettings(lakeFiles(lake.directory).settings, {}, process.env)
  return {
    lake,
    work: new RunningWork(),
    metrics: createMetrics(lake),
    log,
    version,
    kept: new KeptResults(keptLimits, { version: () => version.read(), isLoading: () => lake.isLoading }),
    ...viewsOf(lake),
    translate: (sql, dialect) => lake.translate(sql, dialect),
    firehose: lake.firehose,
    refreshExternal: (sql, signal) => lake.refreshExternal(sql, signal),
    athena: athenaOf(lake.directory, settings),
  }
}
