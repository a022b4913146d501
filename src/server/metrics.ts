import { collectDefaultMetrics, Counter, Gauge, Histogram, Registry } from 'prom-client'
import type { Lake, LakeStatus } from '../api.ts'

/** What `/metrics` shows. */
export interface Metrics {
  /** Begins to time a query; call what it returns at its end. */
  startQuery(): () => void
  /** The text of `/metrics`, of this moment. */
  render(): Promise<string>
  readonly contentType: string
}

const totals = [
  {
    name: 'millrace_rows_loaded_total',
    help: 'Rows that the lake holds, of all loads.',
    read: (status: LakeStatus) => status.rows,
  },
  {
    name: 'millrace_files_loaded_total',
    help: 'Files that the lake holds.',
    read: (status: LakeStatus) => status.files,
  },
  {
    name: 'millrace_rejects_total',
    help: 'Lines that could not be read.',
    read: (status: LakeStatus) => status.rejects,
  },
] as const

const levels = [
  {
    name: 'millrace_files_failed',
    help: 'Files that could not be loaded.',
    read: (status: LakeStatus) => status.failed_files,
  },
  {
    name: 'millrace_files_changed',
    help: 'Files that changed after they were loaded and are held.',
    read: (status: LakeStatus) => status.changed_files,
  },
  { name: 'millrace_loads_running', help: 'Loads that run now.', read: (status: LakeStatus) => status.loading.length },
  {
    name: 'millrace_lake_bytes',
    help: 'Size of the database file.',
    read: (status: LakeStatus) => status.database_bytes,
  },
] as const

const loadedBytes =
  "select coalesce(sum(bytes), 0)::double as bytes from logs.load_history where status in ('loaded', 'partial')"

/** Figures come from the lake at each reading, so they outlive the server and show what other commands load. */
export function createMetrics(lake: Lake): Metrics {
  const registry = new Registry()
  const registers = [registry]
  const queries = new Histogram({
    name: 'millrace_query_seconds',
    help: 'Time from a statement to its last row.',
    buckets: [0.005, 0.025, 0.1, 0.5, 1, 2.5, 5, 10, 30, 60, 300],
    registers,
  })
  const counters = totals.map(({ name, help, read }) => ({ metric: new Counter({ name, help, registers }), read }))
  const gauges = levels.map(({ name, help, read }) => ({ metric: new Gauge({ name, help, registers }), read }))
  const bytes = new Counter({
    name: 'millrace_loaded_bytes_total',
    help: 'Bytes of the loaded files, as stored.',
    registers,
  })
  const tables = new Gauge({
    name: 'millrace_table_rows',
    help: 'Rows of each table.',
    labelNames: ['table'],
    registers,
  })
  collectDefaultMetrics({ register: registry })

  const collect = async (): Promise<void> => {
    const status = await lake.status()
    for (const { metric, read } of counters) {
      metric.reset()
      metric.inc(read(status))
    }
    for (const { metric, read } of gauges) metric.set(read(status))
    tables.reset()
    for (const { table_name, rows } of status.tables) tables.set({ table: table_name }, rows)
    const [sum] = await (await lake.query<{ bytes: number }>(loadedBytes)).all()
    bytes.reset()
    bytes.inc(sum?.bytes ?? 0)
  }
  return {
    startQuery: () => {
      const stop = queries.startTimer()
      return () => {
        stop()
      }
    },
    render: async () => {
      await collect()
      return registry.metrics()
    },
    contentType: registry.contentType,
  }
}
