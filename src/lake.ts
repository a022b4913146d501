import type { DuckDBConnection } from '@duckdb/node-api'
import { realpathSync } from 'node:fs'
import { createRequire } from 'node:module'
import type {
  Diagnosis,
  Lake,
  LoadOptions,
  LoadSummary,
  PipeStatus,
  QueryOptions,
  QueryResult,
  RestoreSummary,
  RunOptions,
  StatementResult,
  Value,
} from './api.ts'
import { type Timing, systemTiming } from './aws/timing.ts'
import { Cages } from './cages/cages.ts'
import type { Limits } from './cages/limits.ts'
import { checkBackup, copyDatabase, sealBackup, swapDatabase } from './catalog/backup.ts'
import { createLogTables } from './catalog/log-tables.ts'
import { migrate } from './catalog/migrate.ts'
import { type CatalogObject, readObjects } from './catalog/objects.ts'
import { examine } from './doctor.ts'
import { examinePipes } from './doctor/pipes.ts'
import { examineTasks } from './doctor/tasks.ts'
import { type Engine, literal, openEngine } from './engines/duckdb.ts'
import { MillraceError } from './errors.ts'
import { deliver, opensPipe } from './lake-firehose.ts'
import { type PipeLake, LocalPipe, listPipes, listStages } from './lake-pipe.ts'
import { listStreams } from './lake-stream.ts'
import { type TaskLake, LocalTask, listTasks, taskStatuses } from './lake-task.ts'
import { Loads, stageLoad } from './loads.ts'
import { type LakeFiles, emptySpool, lakeFiles, prepareDirectory } from './lake-files.ts'
import { readFormat } from './loading/field-plan.ts'
import { ParserPool } from './loading/parser-pool.ts'
import { replayRejects, tableNamed } from './loading/replay.ts'
import { Writer } from './loading/writer.ts'
import type { LogType } from './log-type/log-type.ts'
import { logTypeNamed, logTypes } from './log-type/registry.ts'
import { pipesWithKeys } from './pipes/access-keys.ts'
import type { Delivery } from './pipes/firehose.ts'
import { pipeText } from './pipes/pipe.ts'
import { pipeStatus, systemPipeStatus } from './pipes/pipe-status.ts'
import { readPipeStates } from './pipes/pipe-store.ts'
import { type PipeNow, Pipes, type PipesOptions } from './pipes/pipes.ts'
import { type Settings, readSettings } from './settings.ts'
import { pipeDefinitions } from './sql/actions/pipe-definition.ts'
import { Calls } from './sql/calls/calls.ts'
import { taskDefinitions } from './sql/execution/task-definition.ts'
import { conditionHolds, runTaskBody } from './sql/run/run-task.ts'
import { endLostRuns, readTaskStates } from './tasks/task-store.ts'
import { Tasks } from './tasks/tasks.ts'
import { readExternal, refreshExternal } from './sql/external/refresh.ts'
import { type ScriptLake, onConnection } from './sql/execution/script-lake.ts'
import { type Session, firstSession } from './sql/execution/session.ts'
import { alignRelations } from './sql/relations/align.ts'
import { type LakeNames, keepByVersion, knownIn, readLakeNames } from './sql/relations/lake-names.ts'
import { runScript } from './sql/run/run-script.ts'
import { showStreams } from './streams/stream-views.ts'
import { streamPlace } from './sql/execution/streams.ts'
import type { Dialect } from './sql/dialects.ts'
import { failureIn } from './sql/place.ts'
import { runQuery } from './sql/query.ts'
import type { Known } from './sql/translation/known.ts'
import { type Translation, translate } from './sql/translate.ts'
import { Stages } from './stages/open.ts'
import { readHistory, readRejects, readStatus } from './status.ts'

/** How a lake is opened. */
export interface OpenOptions {
  /** Make the lake when there is none (default). */
  readonly create?: boolean | undefined
  /** Such as `512MB`; else from `settings.json` or `MILLRACE_MEMORY_LIMIT`. */
  readonly memoryLimit?: string | undefined
  readonly threads?: number | undefined
  /** Bytes of log text that commit together (default 640 MiB): less is read again after a crash, more loads faster. */
  readonly commitBytes?: number | undefined
  /** Called at named points of loading; crash tests stop there. */
  readonly onPoint?: ((name: string) => void) | undefined
  /** How pipes wait and try again; tests bring their own. */
  readonly pipes?: PipeTuning | undefined
  /** The clock that tasks go by; tests bring their own. */
  readonly taskTiming?: Timing | undefined
}

/** What pipes are run with; `timing` is that of their requests as well. */
type PipeTuning = Pick<PipesOptions, 'retry' | 'visibilitySeconds'> & { readonly timing?: Timing | undefined }

/** Puts a backup in the place of a lake that is not open, damaged ones included. */
export async function restoreLake(directory: string, backup: string): Promise<RestoreSummary> {
  const files = lakeFiles(directory)
  prepareDirectory(files, true)
  const counts = await checkBackup(backup)
  const previous = swapDatabase(files, backup, new Date())
  const lake = await openLake(directory)
  await lake.close()
  return { ...counts, previous }
}

/** A lake that is open in this process. */
export interface OpenLake extends Lake {
  /** Whether a load runs. */
  readonly isLoading: boolean
  readonly pipes: Pipes
  readonly tasks: Tasks
  /** What Firehose posts to pipes. */
  readonly firehose: {
    /** Whether a key opens a pipe's address. */
    readonly opens: (pipe: string, accessKey: string) => Promise<boolean>
    /** Resolves once a delivery is in the lake. */
    readonly deliver: (pipe: string, delivery: Delivery, signal: AbortSignal) => Promise<void>
  }
  /** A statement of a dialect in the engine's own, as `query` reads it. */
  translate(sql: string, dialect: Dialect): Promise<Translation>
  /** Names of the user's tables and views, in lower case: without a schema they mean these, also where a built-in one has the name. */
  ownRelations(): Promise<ReadonlySet<string>>
  /** Loads what is new in the places of external tables that a statement reads. `query` does so itself. */
  refreshExternal(sql: string, signal?: AbortSignal): Promise<void>
}

/** What is open while a lake is: replaced as a whole by a restore. */
interface Opened {
  readonly engine: Engine
  readonly writer: Writer
  readonly names: () => Promise<LakeNames>
  readonly external: () => Promise<readonly CatalogObject[]>
}

/**
 * Opens the lake in a directory. One process at a time can; others reach it through its server.
 * Close it when done: an open lake keeps the process alive.
 */
export async function openLake(directory: string, options: OpenOptions = {}): Promise<OpenLake> {
  prepareDirectory(lakeFiles(directory), options.create ?? true)
  // By its real path: a lake is one lake whatever links lead to it.
  const files = lakeFiles(realpathSync(directory))
  const settings = readSettings(files.settings, options, process.env)
  const opened = await open(files, settings)
  emptySpool(files)
  return new LocalLake(files, settings, opened, options)
}

async function open(files: LakeFiles, settings: Settings): Promise<Opened> {
  const engine = await openEngine(
    {
      file: files.database,
      spillDirectory: files.spill,
      allowedDirectories: [files.spool],
      memoryLimit: settings.memoryLimit,
      threads: settings.threads,
    },
    async (connection) => {
      await migrate(connection)
      await endLostRuns(connection)
      await createLogTables(connection, logTypes)
      await alignAtOpen(connection)
    },
  )
  const writer = await Writer.open(engine)
  const version = (): number => writer.worksDone
  return {
    engine,
    writer,
    names: keepByVersion(engine, version, readLakeNames),
    external: keepByVersion(engine, version, readExternal),
  }
}

/** Views of people are over those of the log types, which are of this Millrace. */
async function alignAtOpen(connection: DuckDBConnection): Promise<void> {
  await connection.run('begin')
  await alignRelations(connection, await readObjects(connection))
  await connection.run('commit')
}

function declaredType(name: string | undefined): LogType | undefined {
  if (name === undefined || name === 'auto') return undefined
  const type = logTypeNamed(name)
  if (type === undefined)
    throw new MillraceError(
      'USAGE',
      `There is no log type ${name}. Known are ${logTypes.map((known) => known.name).join(', ')}, and auto.`,
    )
  return type
}

const cageIdleMs = 300_000

function limitsOf({ functionSeconds, functionMemoryMb, functionOutputMb }: Settings): Limits {
  const mebibyte = 1024 * 1024
  return {
    batchMs: functionSeconds * 1000,
    memoryBytes: functionMemoryMb * mebibyte,
    outputBytes: functionOutputMb * mebibyte,
    idleMs: cageIdleMs,
  }
}

class LocalLake implements OpenLake {
  readonly directory: string
  private readonly files: LakeFiles
  private readonly settings: Settings
  private readonly pool: ParserPool
  private readonly stages: Stages
  private readonly loads: Loads
  readonly pipes: Pipes
  readonly tasks: Tasks
  private readonly taskTiming: Timing
  private readonly cages: Cages
  private readonly calls: Calls
  private restores = 0
  private opened: Opened | undefined

  constructor(files: LakeFiles, settings: Settings, opened: Opened, options: OpenOptions) {
    this.directory = files.directory
    this.files = files
    this.settings = settings
    this.opened = opened
    this.pool = new ParserPool(settings.threads)
    const {
      commitBytes,
      onPoint,
      pipes: { timing = systemTiming, ...tuning } = {},
      taskTiming = systemTiming,
    } = options
    this.taskTiming = taskTiming
    this.stages = new Stages(files.directory, timing)
    this.cages = new Cages(limitsOf(settings))
    this.calls = new Calls({
      cages: this.cages,
      connect: () => this.use().engine.connect(),
      spool: files.spool,
    })
    const writer = (): Writer => this.use().writer
    const { spool } = files
    const whenWidened = async (connection: DuckDBConnection): Promise<void> => {
      await showStreams(connection, streamPlace)
      await alignRelations(connection, await readObjects(connection))
    }
    const { redactSecrets: redact } = settings
    this.loads = new Loads({ writer, pool: this.pool, spool, redact, commitBytes, whenWidened, onPoint })
    this.pipes = new Pipes({
      listing: { lookBackMs: settings.lookBackDays * 86_400_000, wholeMs: settings.wholeListingHours * 3_600_000 },
      logGroups: {
        overlapMs: settings.logGroupOverlapMinutes * 60_000,
        perSecond: settings.logGroupRequestsPerSecond,
      },
      spool,
      loads: this.loads,
      stages: this.stages,
      ...tuning,
      transaction: async (work, signal) => this.use().writer.transaction(work, signal),
      definitions: () =>
        onConnection(this.use().engine, async (connection) =>
          pipeDefinitions(await readObjects(connection), await readPipeStates(connection)),
        ),
      timing,
      reached: onPoint ?? (() => undefined),
    })
    this.tasks = new Tasks({
      definitions: () =>
        onConnection(this.use().engine, async (connection) =>
          taskDefinitions(await readObjects(connection), await readTaskStates(connection)),
        ),
      transaction: async (work) => this.use().writer.transaction(work),
      holds: (task) => conditionHolds(this.use(), task),
      runBody: (task, run) => runTaskBody(() => this.scriptLake(), task, run),
      version: () => `${this.restores} ${this.opened?.writer.worksDone ?? 0}`,
      timing: taskTiming,
      reached: onPoint ?? (() => undefined),
    })
  }

  get isLoading(): boolean {
    return this.loads.running.length > 0
  }

  async load(source: string, options: LoadOptions = {}): Promise<LoadSummary> {
    const type = declaredType(options.type)
    const stage = await this.stages.open(source)
    const format = options.format === undefined ? undefined : readFormat(options.format)
    return this.loads.load(stage, { type, format }, stageLoad(options, stage))
  }

  async acceptChange(uri: string): Promise<LoadSummary> {
    const [held] = await this.history({ status: 'changed', limit: 1_000_000 }).then((entries) =>
      entries.filter((entry) => entry.file === uri),
    )
    if (held === undefined)
      throw new MillraceError(
        'USAGE',
        `${uri} is not held as changed. "millrace history --status changed" lists what is.`,
      )
    const formats = await (
      await this.query<{ format: string }>(
        `select format from lake.objects where uri = ${literal(uri)} and format is not null order by load_id desc limit 1`,
      )
    ).all()
    return this.load(uri, { type: held.table_name ?? undefined, format: formats[0]?.format, onChange: 'replace' })
  }

  async query<Row extends object = Record<string, Value>>(
    sql: string,
    options: QueryOptions = {},
  ): Promise<QueryResult<Row>> {
    await this.refreshExternal(sql, options.signal)
    const { engine } = this.use()
    if (options.dialect === undefined || options.dialect === 'duckdb')
      return runQuery<Row>(engine, sql, options, undefined, this.calls)
    const translated = await this.translate(sql, options.dialect)
    return runQuery<Row>(engine, translated.sql, options, undefined, this.calls).catch((error: unknown) => {
      throw failureIn(sql, error)
    })
  }

  async translate(sql: string, dialect: Dialect): Promise<Translation> {
    if (dialect === 'duckdb') return { sql, notices: [] }
    return translate(sql, dialect, await this.known(sql, firstSession))
  }

  async ownRelations(): Promise<ReadonlySet<string>> {
    const { columns } = await this.use().names()
    return new Set(columns.get('public')?.keys())
  }

  async refreshExternal(sql: string, signal?: AbortSignal): Promise<void> {
    await refreshExternal(this.scriptLake(), sql, signal)
  }

  run(script: string, options: RunOptions = {}): AsyncIterable<StatementResult, void> {
    return runScript(() => this.scriptLake(), script, options)
  }

  readonly status: Lake['status'] = async () => {
    const version: unknown = createRequire(import.meta.url)('../package.json')
    const name =
      typeof version === 'object' && version !== null && 'version' in version ? String(version.version) : 'unknown'
    const lake = { directory: this.directory, database: this.files.database, version: name }
    return readStatus(this.reading, lake, {
      loading: this.loads.running,
      pipes: await this.pipeStatus(),
      tasks: await taskStatuses(this.taskLake),
    })
  }

  readonly history: Lake['history'] = (options = {}) => readHistory(this.reading, options)

  readonly rejects: Lake['rejects'] = (options = {}) => readRejects(this.reading, options)

  readonly replayRejects: Lake['replayRejects'] = (options = {}) => {
    const table = options.table === undefined ? undefined : tableNamed(options.table)
    const format = options.format === undefined ? undefined : readFormat(options.format)
    return this.loads.inTurnAlone(() => replayRejects(this.loads.context({ format }), { ...options, table }))
  }

  async backup(directory: string): ReturnType<Lake['backup']> {
    // The writer's turn keeps every commit and checkpoint out while the files are copied.
    await this.use().writer.exclusive(async (connection) => {
      await connection.run('checkpoint').catch(() => undefined)
      copyDatabase(this.files, directory)
    })
    return sealBackup(directory, new Date())
  }

  async restore(directory: string): ReturnType<Lake['restore']> {
    const counts = await checkBackup(directory)
    const restored = await this.loads.inTurnAlone(() => {
      const { writer, engine } = this.use()
      return writer.exclusive(async () => {
        this.opened = undefined
        writer.connection.closeSync()
        engine.close()
        try {
          return { ...counts, previous: swapDatabase(this.files, directory, new Date()) }
        } finally {
          this.opened = await open(this.files, this.settings)
          this.restores += 1
        }
      })
    })
    await Promise.all([this.pipes.sync(true), this.tasks.sync()])
    return restored
  }

  readonly firehose: OpenLake['firehose'] = {
    opens: (pipe, accessKey) => opensPipe(this.pipeLake, pipe, accessKey),
    deliver: (pipe, delivery, signal) => deliver(this.pipeLake, pipe, delivery, signal),
  }

  readonly doctor: Lake['doctor'] = async () => {
    const tables = logTypes.map((type) => type.table)
    const found = await examine(this.reading, this.directory, tables)
    const pipes = await this.pipes.now()
    const [objects, statuses] = [await this.pipeLake.objects(), await this.statusOf(pipes)]
    const withKeys = await this.pipeLake.reading(pipesWithKeys)
    const ofPipes = await examinePipes({ objects, pipes, statuses, withKeys, aws: () => this.stages.aws() })
    return [...found, ...ofPipes, ...(await this.deliveries(pipes)), ...examineTasks(await this.listTasks())]
  }

  private async deliveries(pipes: readonly PipeNow[]): Promise<Diagnosis[]> {
    const readers = pipes.flatMap(({ definition }) => (definition?.url.startsWith('s3:') === true ? [definition] : []))
    if (readers.length === 0) return []
    const { examineOwnDeliveries } = await import('./doctor/delivery.ts')
    const { region } = await this.stages.aws()
    return examineOwnDeliveries(readers, { region, environment: process.env })
  }

  readonly listStages: Lake['listStages'] = async () => listStages(await this.pipeLake.objects())

  readonly listPipes: Lake['listPipes'] = () => listPipes(this.pipeLake)

  readonly pipe: Lake['pipe'] = (name) => new LocalPipe(this.pipeLake, name)

  readonly listStreams: Lake['listStreams'] = () => listStreams(this.taskLake)

  readonly listTasks: Lake['listTasks'] = () => listTasks(this.taskLake)

  readonly task: Lake['task'] = (name) => new LocalTask(this.taskLake, name)

  async close(): Promise<void> {
    const opened = this.opened
    if (opened === undefined) return
    await Promise.all([this.pipes.stop(), this.tasks.stop()])
    this.cages.close()
    await opened.writer.exclusive(async () => {
      this.opened = undefined
      await this.pool.close()
      await this.stages.close()
      opened.writer.connection.closeSync()
      opened.engine.close()
    })
  }

  private async known(sql: string, session: Session): Promise<Known> {
    const asksPipes = /system\$pipe_status/i.test(sql)
    const statuses = asksPipes ? await this.pipeStatus() : []
    const texts = new Map(statuses.map((status) => [status.name, systemPipeStatus(status)]))
    return knownIn(await this.use().names(), session, texts)
  }

  private scriptLake(): ScriptLake {
    const { engine, writer, names, external } = this.use()
    const { stages, pipes, tasks } = this
    return {
      engine,
      transaction: writer.transaction.bind(writer),
      nextLoadId: writer.nextLoadId.bind(writer),
      stages,
      spool: this.files.spool,
      pipes,
      tasks,
      now: this.taskTiming.now,
      load: this.loads.load.bind(this.loads),
      trial: this.loads.trial.bind(this.loads),
      changed: async () => {
        await Promise.all([pipes.sync(), tasks.sync()])
      },
      names,
      external,
      known: this.known.bind(this),
      calls: this.calls,
    }
  }

  private get taskLake(): TaskLake {
    return {
      objects: () => onConnection(this.use().engine, readObjects),
      states: () => onConnection(this.use().engine, readTaskStates),
      tasks: this.tasks,
      query: this.reading,
      run: (script, options) => this.run(script, options),
    }
  }

  private get pipeLake(): PipeLake {
    return {
      objects: () => onConnection(this.use().engine, readObjects),
      pipes: this.pipes,
      reading: (work) => onConnection(this.use().engine, work),
      transaction: (work) => this.use().writer.transaction(work),
      statusOf: (now) => this.statusOf(now),
      query: this.reading,
      run: (script, options) => this.run(script, options),
    }
  }

  private async pipeStatus(): Promise<PipeStatus[]> {
    return this.statusOf(await this.pipes.now())
  }

  private async statusOf(now: readonly PipeNow[]): Promise<PipeStatus[]> {
    if (now.length === 0) return []
    const rows = await (
      await this.reading<{ pipe: string; n: number }>(
        'select pipe, count(*) as n from lake.parked_objects group by pipe',
      )
    ).all()
    const parked = new Map(rows.map(({ pipe, n }) => [pipe, n]))
    return now.map((one) => pipeStatus(one, parked.get(pipeText(one.pipe)) ?? 0, Date.now()))
  }

  /** Statements of our own, which name no external table. */
  private readonly reading: Lake['query'] = async <Row extends object>(sql: string, options: QueryOptions = {}) =>
    runQuery<Row>(this.use().engine, sql, options)

  private use(): Opened {
    if (this.opened === undefined)
      throw new MillraceError(
        'LAKE_CLOSED',
        `The lake ${this.directory} is closed, or being restored. Open it, or try again in a moment.`,
      )
    return this.opened
  }
}
