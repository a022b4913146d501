import { realpathSync } from 'node:fs'
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
import { checkBackup, copyDatabase, sealBackup, swapDatabase } from './catalog/backup.ts'
import { isBuiltIn } from './catalog/user-tables.ts'
import { examine } from './doctor.ts'
import { examinePipes } from './doctor/pipes.ts'
import { examineTasks } from './doctor/tasks.ts'
import { literal } from './engines/duckdb.ts'
import { MillraceError } from './errors.ts'
import { deliver, opensPipe } from './lake/firehose.ts'
import { type PipeLake, LocalPipe, listPipes, listStages } from './lake/pipe.ts'
import { listStreams } from './lake/stream.ts'
import { type TaskLake, LocalTask, listTasks, taskStatuses } from './lake/task.ts'
import { stageLoad } from './loads.ts'
import { type LakeFiles, emptySpool, lakeFiles, prepareDirectory } from './lake/files.ts'
import { type Opened, openDatabase } from './lake/opened.ts'
import { type LakeParts, type OpenOptions, makeParts } from './lake/parts.ts'
import { readFormat } from './loading/field-plan.ts'
import { replayRejects, tableNamed } from './loading/replay.ts'
import type { LogType } from './log-type/log-type.ts'
import { logTypeNamed, logTypes } from './log-type/registry.ts'
import { pipesWithKeys } from './pipes/access-keys.ts'
import type { Delivery } from './pipes/firehose.ts'
import { pipeText } from './pipes/pipe.ts'
import { pipeStatus, systemPipeStatus } from './pipes/pipe-status.ts'
import type { PipeNow, Pipes } from './pipes/pipes.ts'
import { type Settings, readSettings } from './settings.ts'
import { readTaskStates } from './tasks/task-store.ts'
import type { Tasks } from './tasks/tasks.ts'
import { refreshExternal } from './sql/external/refresh.ts'
import { type ScriptLake, onConnection } from './sql/execution/script-lake.ts'
import { type Session, firstSession } from './sql/execution/session.ts'
import { knownIn } from './sql/relations/lake-names.ts'
import { runScript } from './sql/run/run-script.ts'
import type { Dialect } from './sql/dialects.ts'
import { failureIn } from './sql/place.ts'
import { runQuery } from './sql/query.ts'
import type { Known } from './sql/translation/known.ts'
import { type Translation, translate } from './sql/translate.ts'
import { readHistory, readRejects, readStatus } from './status.ts'
import { version } from './program.ts'

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
  /** Loads what is new in the places of external tables that a statement reads. `query` does so itself. Returns what a reader should know. */
  refreshExternal(sql: string, signal?: AbortSignal): Promise<readonly string[]>
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
  const opened = await openDatabase(files, settings)
  emptySpool(files)
  return new LocalLake(files, settings, opened, options)
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

class LocalLake implements OpenLake {
  readonly directory: string
  private readonly files: LakeFiles
  private readonly settings: Settings
  private readonly parts: LakeParts
  private readonly taskTiming: Timing
  private restores = 0
  private opened: Opened | undefined

  constructor(files: LakeFiles, settings: Settings, opened: Opened, options: OpenOptions) {
    this.directory = files.directory
    this.files = files
    this.settings = settings
    this.opened = opened
    this.taskTiming = options.taskTiming ?? systemTiming
    this.parts = makeParts(files, settings, options, {
      use: () => this.use(),
      scriptLake: () => this.scriptLake(),
      version: () => `${this.restores} ${this.opened?.writer.worksDone ?? 0}`,
    })
  }

  get pipes(): Pipes {
    return this.parts.pipes
  }

  get tasks(): Tasks {
    return this.parts.tasks
  }

  get isLoading(): boolean {
    return this.parts.loads.running.length > 0
  }

  async load(source: string, options: LoadOptions = {}): Promise<LoadSummary> {
    const type = declaredType(options.type)
    const stage = await this.parts.stages.open(source)
    const format = options.format === undefined ? undefined : readFormat(options.format)
    return this.parts.loads.load(stage, { type, format }, stageLoad(options, stage))
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
    if (held.table_name !== null && !isBuiltIn(held.table_name))
      throw new MillraceError(
        'USAGE',
        `${uri} was loaded into ${held.table_name}, the table of a script, whose rows are not replaced. COPY INTO takes the new content beside them.`,
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
    const refreshed = await this.refreshExternal(sql, options.signal)
    const { engine } = this.use()
    const { dialect = 'duckdb' } = options
    const { sql: plain, notices } = await this.translate(sql, dialect)
    const result = await runQuery<Row>(engine, plain, options, undefined, this.parts.calls).catch((error: unknown) => {
      throw dialect === 'duckdb' ? error : failureIn(sql, error)
    })
    const told = [...refreshed, ...notices]
    return told.length === 0 ? result : Object.assign(result, { notices: told })
  }

  async translate(sql: string, dialect: Dialect): Promise<Translation> {
    if (dialect === 'duckdb') return { sql, notices: [] }
    return translate(sql, dialect, await this.known(sql, firstSession))
  }

  async ownRelations(): Promise<ReadonlySet<string>> {
    const { columns } = await this.use().names()
    return new Set(columns.get('public')?.keys())
  }

  refreshExternal(sql: string, signal?: AbortSignal): Promise<readonly string[]> {
    return refreshExternal(this.scriptLake(), sql, signal)
  }

  run(script: string, options: RunOptions = {}): AsyncIterable<StatementResult, void> {
    return runScript(() => this.scriptLake(), script, options)
  }

  readonly status: Lake['status'] = async () => {
    const lake = { directory: this.directory, database: this.files.database, version }
    return readStatus(this.reading, lake, {
      loading: this.parts.loads.running,
      pipes: await this.pipeStatus(),
      tasks: await taskStatuses(this.taskLake),
    })
  }

  readonly history: Lake['history'] = (options = {}) => readHistory(this.reading, options)

  readonly rejects: Lake['rejects'] = (options = {}) => readRejects(this.reading, options)

  readonly replayRejects: Lake['replayRejects'] = (options = {}) => {
    const table = options.table === undefined ? undefined : tableNamed(options.table)
    const format = options.format === undefined ? undefined : readFormat(options.format)
    return this.parts.loads.inTurnAlone(() =>
      replayRejects(this.parts.loads.context({ format }), { ...options, table }),
    )
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
    const restored = await this.parts.loads.inTurnAlone(() => {
      const { writer, engine } = this.use()
      return writer.exclusive(async () => {
        this.opened = undefined
        writer.connection.closeSync()
        engine.close()
        try {
          return { ...counts, previous: swapDatabase(this.files, directory, new Date()) }
        } finally {
          this.opened = await openDatabase(this.files, this.settings)
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
    const ofPipes = await examinePipes({ objects, pipes, statuses, withKeys, aws: () => this.parts.stages.aws() })
    const all = [...found, ...ofPipes, ...(await this.deliveries(pipes)), ...examineTasks(await this.listTasks())]
    const isWell = all.every(({ level }) => level === 'ok')
    return isWell ? [{ level: 'ok', subject: 'lake', message: 'Nothing is wrong.', mend: '' }, ...all] : all
  }

  private async deliveries(pipes: readonly PipeNow[]): Promise<Diagnosis[]> {
    const readers = pipes.flatMap(({ definition }) => (definition?.url.startsWith('s3:') === true ? [definition] : []))
    if (readers.length === 0) return []
    const { examineOwnDeliveries } = await import('./doctor/delivery.ts')
    const { region } = await this.parts.stages.aws()
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
    this.parts.cages.close()
    await opened.writer.exclusive(async () => {
      this.opened = undefined
      await this.parts.pool.close()
      await this.parts.stages.close()
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
    const { engine, writer, names, objects } = this.use()
    const { stages, pipes, tasks, loads, calls } = this.parts
    return {
      engine,
      transaction: writer.transaction.bind(writer),
      rowTransaction: writer.rowTransaction.bind(writer),
      nextLoadId: writer.nextLoadId.bind(writer),
      stages,
      spool: this.files.spool,
      pipes,
      tasks,
      now: this.taskTiming.now,
      load: loads.load.bind(loads),
      trial: loads.trial.bind(loads),
      changed: async () => {
        await Promise.all([pipes.sync(), tasks.sync()])
      },
      names,
      objects,
      known: this.known.bind(this),
      calls,
    }
  }

  private get taskLake(): TaskLake {
    return {
      objects: () => this.use().objects(),
      states: () => onConnection(this.use().engine, readTaskStates),
      tasks: this.tasks,
      query: this.reading,
      run: (script, options) => this.run(script, options),
    }
  }

  private get pipeLake(): PipeLake {
    return {
      objects: () => this.use().objects(),
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
