import { collectDefaultMetrics, Counter, Gauge, Histogram, Registry } from 'prom-client'
import type { Lake, LakeStatus, PipeStatus, TaskStatus } from '../api.ts'

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

function secondsOf(time: string | null): number | undefined {
  return time === null ? undefined : Date.parse(time) / 1000
}

/** Of each pipe, by its name; what is not known is left out. */
const pipeLevels = [
  {
    name: 'millrace_pipe_running',
    help: '1 while a pipe runs; 0 while it is paused or broken, or nothing can be loaded.',
    read: (pipe: PipeStatus) => (pipe.state === 'running' ? 1 : 0),
  },
  {
    name: 'millrace_pipe_pending_files',
    help: 'Files that a pipe was told of and has not loaded yet.',
    read: (pipe: PipeStatus) => pipe.pending_files,
  },
  {
    name: 'millrace_pipe_lag_seconds',
    help: 'How long ago the oldest pending file of a pipe was written; 0 where none is pending.',
    read: (pipe: PipeStatus) => pipe.lag_seconds ?? undefined,
  },
  {
    name: 'millrace_pipe_queue_messages',
    help: 'Messages that wait in the queue of a pipe, about.',
    read: (pipe: PipeStatus) => pipe.queue_messages ?? undefined,
  },
  {
    name: 'millrace_pipe_parked_files',
    help: 'Files and messages that a pipe has given up.',
    read: (pipe: PipeStatus) => pipe.parked_files,
  },
  {
    name: 'millrace_pipe_newest_event_timestamp_seconds',
    help: 'When the newest file that a pipe was told of was written.',
    read: (pipe: PipeStatus) => secondsOf(pipe.newest_event_at),
  },
] as const

/** Of each task, by its name. */
const taskTotals = [
  {
    name: 'millrace_task_runs_total',
    help: 'Runs of a task that did something, or tried to, since it was made.',
    read: (task: TaskStatus) => task.runs,
  },
  {
    name: 'millrace_task_failures_total',
    help: 'Runs of a task that failed, since it was made.',
    read: (task: TaskStatus) => task.failed_runs,
  },
  {
    name: 'millrace_task_inputs_without_rows_total',
    help: 'Inputs that functions of a task gave no row for, since it was made: lines that were passed over.',
    read: (task: TaskStatus) => task.inputs_without_rows,
  },
] as const

const taskLevels = [
  {
    name: 'millrace_task_started',
    help: '1 while a task runs by itself; 0 while it is suspended.',
    read: (task: TaskStatus) => (task.state === 'started' ? 1 : 0),
  },
  {
    name: 'millrace_task_consecutive_failures',
    help: 'Failed runs of a task since the last that succeeded.',
    read: (task: TaskStatus) => task.consecutive_failures,
  },
  {
    name: 'millrace_task_last_success_timestamp_seconds',
    help: 'When a task succeeded last.',
    read: (task: TaskStatus) => secondsOf(task.last_success_at),
  },
] as const

const querySeconds = { name: 'millrace_query_seconds', help: 'Time from a statement to its last row.' }
const loadedBytesTotal = { name: 'millrace_loaded_bytes_total', help: 'Bytes of the loaded files, as stored.' }
const tableRows = { name: 'millrace_table_rows', help: 'Rows of each table.' }

/** What `/metrics` shows of the lake, besides what Node tells of its process. */
export const metricDocs: readonly {
  readonly name: string
  readonly type: 'counter' | 'gauge' | 'histogram'
  readonly labels: readonly string[]
  readonly help: string
}[] = [
  ...totals.map(({ name, help }) => ({ name, type: 'counter', labels: [], help }) as const),
  { ...loadedBytesTotal, type: 'counter', labels: [] },
  ...levels.map(({ name, help }) => ({ name, type: 'gauge', labels: [], help }) as const),
  { ...tableRows, type: 'gauge', labels: ['table'] },
  ...pipeLevels.map(({ name, help }) => ({ name, type: 'gauge', labels: ['pipe'], help }) as const),
  ...taskTotals.map(({ name, help }) => ({ name, type: 'counter', labels: ['task'], help }) as const),
  ...taskLevels.map(({ name, help }) => ({ name, type: 'gauge', labels: ['task'], help }) as const),
  { ...querySeconds, type: 'histogram', labels: [] },
]

const loadedBytes =
  "select coalesce(sum(bytes), 0)::double as bytes from logs.load_history where status in ('loaded', 'partial')"

/** Figures come from the lake at each reading, so they outlive the server and show what other commands load. */
export function createMetrics(lake: Lake): Metrics {
  const registry = new Registry()
  const registers = [registry]
  const queries = new Histogram({
    ...querySeconds,
    buckets: [0.005, 0.025, 0.1, 0.5, 1, 2.5, 5, 10, 30, 60, 300],
    registers,
  })
  const counters = totals.map(({ name, help, read }) => ({ metric: new Counter({ name, help, registers }), read }))
  const gauges = levels.map(({ name, help, read }) => ({ metric: new Gauge({ name, help, registers }), read }))
  const pipeGauges = pipeLevels.map(({ name, help, read }) => ({
    metric: new Gauge({ name, help, labelNames: ['pipe'], registers }),
    read,
  }))
  const taskCounters = taskTotals.map(({ name, help, read }) => ({
    metric: new Counter({ name, help, labelNames: ['task'], registers }),
    read,
  }))
  const taskGauges = taskLevels.map(({ name, help, read }) => ({
    metric: new Gauge({ name, help, labelNames: ['task'], registers }),
    read,
  }))
  const bytes = new Counter({ ...loadedBytesTotal, registers })
  const tables = new Gauge({ ...tableRows, labelNames: ['table'], registers })
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
    for (const { metric, read } of pipeGauges) {
      metric.reset()
      for (const pipe of status.pipes) {
        const value = read(pipe)
        if (value !== undefined) metric.set({ pipe: pipe.name }, value)
      }
    }
    for (const { metric, read } of taskCounters) {
      metric.reset()
      for (const task of status.tasks) metric.inc({ task: task.name }, read(task))
    }
    for (const { metric, read } of taskGauges) {
      metric.reset()
      for (const task of status.tasks) {
        const value = read(task)
        if (value !== undefined) metric.set({ task: task.name }, value)
      }
    }
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
