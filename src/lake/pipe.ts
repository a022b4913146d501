import type {
  AccessKey,
  Lake,
  ParkedObject,
  PipeDetails,
  PipeHandle,
  PipeLoad,
  PipeStatus,
  StageEntry,
} from '../api.ts'
import type { CatalogObject } from '../catalog/objects.ts'
import { literal } from '../engines/duckdb.ts'
import { type DeliveryLake, newAccessKey } from './firehose.ts'
import { MillraceError } from '../errors.ts'
import type { ObjectOutcome } from '../loading/stage-load.ts'
import { type ReportedPipe, insertReport, loadHistoryScan } from './pipe-report.ts'
import { insertFiles } from './pipe-requests.ts'
import { pipeText } from '../pipes/pipe.ts'
import type { PipeNow, Pipes } from '../pipes/pipes.ts'
import { usualErrors } from '../sql/actions/pipe-definition.ts'
import { fold, keyOf, shownName } from '../sql/execution/names.ts'
import { objectNamed } from '../sql/execution/object-named.ts'
import { firstSession } from '../sql/execution/session.ts'
import { printName } from '../sql/statement/name.ts'
import { copySource } from '../sql/statements/copy-into-table.ts'
import type { CreatePipe } from '../sql/statements/pipe.ts'

/** The lake as pipes by their names need it. */
export interface PipeLake extends DeliveryLake {
  readonly objects: () => Promise<readonly CatalogObject[]>
  readonly pipes: Pick<Pipes, 'now' | 'refresh' | 'retry' | 'definition' | 'requested' | 'deliver'>
  readonly statusOf: (now: readonly PipeNow[]) => Promise<readonly PipeStatus[]>
  readonly query: Lake['query']
  readonly run: Lake['run']
}

const shownFaults = 100
const usualLimit = 100

/** One pipe of a lake that is open here. */
export class LocalPipe implements PipeHandle {
  private readonly lake: PipeLake
  private readonly name: string

  constructor(lake: PipeLake, name: string) {
    this.lake = lake
    this.name = name
  }

  async details(): Promise<PipeDetails> {
    const object = await this.find()
    const found = (await listPipes(this.lake)).find(({ name }) => name === pipeText(object))
    if (found !== undefined) return found
    throw new MillraceError('PIPE_MISSING', `The pipe ${pipeText(object)} was dropped just now.`)
  }

  pause(): Promise<PipeDetails> {
    return this.setPaused(true)
  }

  resume(): Promise<PipeDetails> {
    return this.setPaused(false)
  }

  readonly refresh: PipeHandle['refresh'] = async ({ prefix, modifiedAfter, signal } = {}) => {
    const object = await this.find()
    const range = { prefix, modifiedAfterMs: modifiedAfter?.getTime() }
    const met = await this.lake.pipes.refresh(object, range, signal ?? new AbortController().signal)
    return loadOf(pipeText(object), met, 0)
  }

  readonly retry: PipeHandle['retry'] = async ({ signal } = {}) => {
    const object = await this.find()
    const { met, gone } = await this.lake.pipes.retry(object, signal ?? new AbortController().signal)
    return loadOf(pipeText(object), met, gone.length)
  }

  renewAccessKey(): Promise<AccessKey> {
    return newAccessKey(this.lake, this.name)
  }

  readonly parked: PipeHandle['parked'] = async ({ limit = usualLimit } = {}) => {
    const object = await this.find()
    const result = await this.lake.query<ParkedObject>(`
      select pipe, file, version, bytes, code, reason, body, ${iso('parked_at')} as parked_at
      from logs.parked_objects p where pipe = ${literal(pipeText(object))}
      order by p.parked_at desc, file limit ${limit}`)
    return result.all()
  }

  readonly insertFiles: PipeHandle['insertFiles'] = async (files, options = {}) => {
    const { pipes } = this.lake
    const object = await this.find()
    const answer = await insertFiles(this.lake, await pipes.definition(object), files, options)
    pipes.requested(object)
    return answer
  }

  readonly insertReport: PipeHandle['insertReport'] = async (options = {}) =>
    insertReport(await this.reported(), options)

  readonly loadHistoryScan: PipeHandle['loadHistoryScan'] = async (options) =>
    loadHistoryScan(await this.reported(), options)

  private async reported(): Promise<ReportedPipe> {
    const { pipes, query } = this.lake
    const object = await this.find()
    const pipe = await pipes.definition(object)
    const said = object.definition.kind === 'create-pipe' ? object.definition.copy.options.onError : undefined
    return { pipe, onError: said ?? usualErrors(pipe), query }
  }

  private async setPaused(isPaused: boolean): Promise<PipeDetails> {
    const value = isPaused ? 'TRUE' : 'FALSE'
    const statement = `ALTER PIPE ${shownName(await this.find())} SET PIPE_EXECUTION_PAUSED = ${value}`
    for await (const _result of this.lake.run(statement, { dialect: 'snowflake' }));
    return this.details()
  }

  private async find(): Promise<CatalogObject> {
    return objectNamed('PIPE', this.name, await this.lake.objects())
  }
}

function loadOf(pipe: string, met: readonly ObjectOutcome[], goneFiles: number): PipeLoad {
  const loaded = met.flatMap((one) => (isLoaded(one) ? [one] : []))
  const failed = met.flatMap((one) => (one.status === 'failed' || one.status === 'changed' ? [one] : []))
  return {
    pipe,
    files: loaded.length,
    rows: loaded.reduce((sum, { rows }) => sum + rows, 0),
    rejects: loaded.reduce((sum, { rejects }) => sum + rejects, 0),
    failed_files: failed.length,
    gone_files: goneFiles,
    faults: failed
      .slice(0, shownFaults)
      .map(({ uri, code, error }) => ({ file: uri, code: code ?? 'INTERNAL', message: error ?? '' })),
  }
}

function isLoaded(outcome: ObjectOutcome): outcome is Exclude<ObjectOutcome, { readonly status: 'skipped' }> {
  return ['loaded', 'partial', 'empty'].includes(outcome.status)
}

interface StoredPipe {
  readonly pipe: string
  readonly definition: string
  readonly comment: string | null
  readonly created_at: string
  readonly start_at: string | null
  readonly listed_at: string | null
  readonly last_loaded_at: string | null
  readonly files: number
  readonly rows: number
  readonly failed_files: number
}

/** All pipes, in the order of their names. */
export async function listPipes({ pipes, objects, statusOf, query }: PipeLake): Promise<PipeDetails[]> {
  const now = await pipes.now()
  if (now.length === 0) return []
  const result = await query<StoredPipe>(`
    select database_name || '.' || schema_name || '.' || name as pipe, definition, comment, ${iso('created_at')} as created_at,
      ${iso('start_at')} as start_at, ${iso('listed_at')} as listed_at, ${iso('last_loaded_at')} as last_loaded_at,
      files, rows, failed_files
    from logs.pipes`)
  const stored = new Map((await result.all()).map((row) => [row.pipe, row]))
  const made = (await objects()).filter(({ kind }) => kind === 'PIPE')
  const definitions = new Map(made.map((object) => [pipeText(object), object.definition]))
  const details = (await statusOf(now)).flatMap((status, index): PipeDetails[] => {
    const row = stored.get(status.name)
    const definition = definitions.get(status.name)
    if (row === undefined || definition?.kind !== 'create-pipe') return []
    const { pipe: _pipe, ...facts } = row
    const running = now[index]?.definition
    return [
      {
        ...status,
        ...facts,
        // A pipe that does not run remembers nothing; history does.
        last_loaded_at: status.last_loaded_at ?? facts.last_loaded_at,
        ...sourceOf(definition),
        location: running === undefined ? null : running.url + running.prefix,
        auto_ingest: definition.options.autoIngest ?? false,
        reconcile_seconds: running?.reconcileSeconds ?? null,
      },
    ]
  })
  return details.toSorted((a, b) => (a.name < b.name ? -1 : 1))
}

/** All stages, in the order of their names. */
export function listStages(objects: readonly CatalogObject[]): StageEntry[] {
  const readers = new Map<string, string[]>()
  for (const object of objects) {
    if (object.definition.kind !== 'create-pipe') continue
    const { stage } = sourceOf(object.definition)
    readers.set(stage, [...(readers.get(stage) ?? []), pipeText(object)])
  }
  return objects.flatMap((object): StageEntry[] => {
    if (object.definition.kind !== 'create-stage') return []
    const { url = '', storageIntegration, endpoint, comment } = object.definition.options
    const name = pipeText(object)
    return [
      {
        name,
        url,
        integration: storageIntegration?.map(fold)[0] ?? null,
        endpoint: endpoint ?? null,
        comment: comment ?? null,
        created_at: `${object.createdAt.replace(' ', 'T')}Z`,
        pipes: readers.get(name) ?? [],
      },
    ]
  })
}

/** The catalog names a pipe's stage and table in full. */
function sourceOf({ copy }: CreatePipe): Pick<PipeDetails, 'stage' | 'table_name'> {
  const [name = '', schema] = copy.table.map(fold).toReversed()
  return {
    stage: pipeText(keyOf('STAGE', 'schema', copySource(copy).location.stage, firstSession)),
    table_name: schema === 'LOGS' ? `logs.${name.toLowerCase()}` : printName(copy.table),
  }
}

/** A timestamp as ISO 8601 in UTC. */
function iso(column: string): string {
  return `strftime(${column}, '%Y-%m-%dT%H:%M:%S.%gZ')`
}
