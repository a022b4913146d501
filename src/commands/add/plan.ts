import type { PipeDetails, StageEntry } from '../../api.ts'
import type { Definition } from '../../catalog/objects.ts'
import { MillraceError } from '../../errors.ts'
import type { LogType } from '../../log-type/log-type.ts'
import { isLogGroup, isOfEvents, isPosted } from '../../stages/log-group.ts'
import { parseStatement } from '../../sql/script.ts'
import type { FileFormat } from '../../sql/statement/file-format.ts'
import { printLiteral } from '../../sql/statement/literal.ts'
import type { ObjectName } from '../../sql/statement/name.ts'
import { printStatement } from '../../sql/statement/registry.ts'

/** A source of logs to be read from now on. */
export interface Source {
  readonly type: LogType
  /** `s3://bucket/folder/`, `file:///folder/`, `cloudwatch://region/log-group` or `firehose://name`. */
  readonly url: string
  /** What its objects are called; made from the log type and the place where it is not said. */
  readonly name?: string | undefined
  readonly queue?: string | undefined
  /** The usual time of its kind of place where it is not said. */
  readonly reconcile?: string | undefined
  readonly start: string
  /** ARN of a role to read the bucket as. */
  readonly role?: string | undefined
  readonly externalId?: string | undefined
  /** Field names of flow logs without a header. */
  readonly format?: string | undefined
  /** What stands in FILE_FORMAT = (…), where it is more than the log type. */
  readonly fileFormat?: string | undefined
}

/** What the lake has already. */
export interface Existing {
  readonly stages: readonly StageEntry[]
  readonly pipes: readonly PipeDetails[]
  readonly integrations: readonly string[]
}

/** What is to be run for a source, or the pipe that reads it already. */
export type AddPlan =
  | { readonly known: PipeDetails }
  | {
      readonly sql: string
      /** Takes back what a part of it has made. */
      readonly undo: string
      readonly pipe: string
      readonly integration: string | undefined
    }

/** Names that begin a statement's names: scripts, and so this verb, make their objects there. */
const schema = 'MILLRACE.PUBLIC'

/** Plans the statements for a source. Pure. Throws USAGE for what no statement can say. */
export function planAdd(source: Source, existing: Existing): AddPlan {
  const { type, url, role } = source
  const urls = new Map(existing.stages.map((stage) => [stage.name, withSlash(stage.url)]))
  const known = existing.pipes.find(
    (pipe) =>
      pipe.table_name === `logs.${type.table}` &&
      urls.get(pipe.stage) === url &&
      (pipe.location === null || withSlash(pipe.location) === url),
  )
  if (known !== undefined) return { known }
  const stageThere = existing.stages.find(
    (stage) =>
      role === undefined &&
      stage.integration === null &&
      stage.endpoint === null &&
      stage.name.startsWith(`${schema}.`) &&
      withSlash(stage.url) === url,
  )
  const name = nameOf(source, existing)
  const integration = role === undefined ? undefined : `${name}_role`
  const stage = stageThere?.name.slice(schema.length + 1) ?? name
  const statements = [
    ...(role === undefined || integration === undefined ? [] : [createIntegration(integration, role, source)]),
    ...(stageThere === undefined ? [createStage(name, url, integration)] : []),
    createPipe(name, stage, source),
  ]
  return {
    sql: statements.map((statement) => `${printStatement(readable(statement))};\n`).join(''),
    undo: [
      `DROP PIPE IF EXISTS ${name};\n`,
      ...(stageThere === undefined ? [`DROP STAGE IF EXISTS ${name};\n`] : []),
      ...(integration === undefined ? [] : [`DROP INTEGRATION IF EXISTS ${integration};\n`]),
    ].join(''),
    pipe: `${schema}.${name.toUpperCase()}`,
    integration,
  }
}

/** A name that nothing has yet. */
function nameOf({ type, url, name }: Source, { stages, pipes, integrations }: Existing): string {
  const taken = new Set([...stages, ...pipes].map((one) => one.name))
  const isFree = (candidate: string): boolean =>
    !taken.has(`${schema}.${candidate.toUpperCase()}`) && !integrations.includes(`${candidate}_role`.toUpperCase())
  if (name !== undefined) {
    if (!/^[A-Za-z_]\w{0,199}$/.test(name))
      throw new MillraceError('USAGE', `${name} is no name. Take letters, digits and underscores, a letter first.`)
    if (isFree(name)) return name
    throw new MillraceError('USAGE', `There is a stage or pipe ${name} of another source already. Take another --name.`)
  }
  const places = decodeURIComponent(url).replace(/\/$/, '').split('/')
  const [place = ''] = url.startsWith('file:')
    ? places.slice(-1)
    : [places.slice(2, isLogGroup(url) ? undefined : 3).join('_')]
  const base = `${type.table}_${place}`.replaceAll(/\W+/g, '_').replaceAll(/_+/g, '_').replace(/_$/, '').slice(0, 200)
  for (let number = 1; ; number++) {
    const candidate = number === 1 ? base : `${base}_${number}`
    if (isFree(candidate)) return candidate
  }
}

const providers = { s3gov: 'S3GOV', s3china: 'S3CHINA' } as const

function createIntegration(name: string, role: string, { url, externalId }: Source): Definition {
  const [scheme = ''] = url.split(':')
  return {
    kind: 'create-storage-integration',
    ...creation(name),
    options: {
      type: 'EXTERNAL_STAGE',
      storageProvider: scheme === 's3gov' || scheme === 's3china' ? providers[scheme] : 'S3',
      enabled: true,
      storageAwsRoleArn: role,
      ...(externalId === undefined ? {} : { storageAwsExternalId: externalId }),
      storageAllowedLocations: [url],
    },
  }
}

function createStage(name: string, url: string, integration: string | undefined): Definition {
  const access = integration === undefined ? {} : { storageIntegration: part(integration) }
  return { kind: 'create-stage', ...creation(name), temporary: false, options: { url, ...access } }
}

function createPipe(name: string, stage: string, source: Source): Definition {
  const { type, queue, reconcile, start, url } = source
  return {
    kind: 'create-pipe',
    ...creation(name),
    options: {
      autoIngest: true,
      ...(queue === undefined ? {} : { queue }),
      ...(isPosted(url) ? {} : { reconcile: reconcile ?? usualReconcile(url) }),
      ...(isPosted(url) ? {} : { start: startOf(start) }),
    },
    copy: {
      kind: 'copy-into-table',
      table: [...part('logs'), ...part(type.table)],
      from: { form: 'stage', location: { stage: part(stage), path: '' } },
      options: { fileFormat: { form: 'inline', format: formatOf(source) } },
    },
  }
}

function usualReconcile(url: string): string {
  return isLogGroup(url) ? '1 minute' : '15 minutes'
}

function startOf(start: string): string {
  return /^(all|now)$/i.test(start) ? start.toUpperCase() : start
}

function formatOf({ type, format, fileFormat }: Source): FileFormat {
  const logFormat = format === undefined ? '' : ` LOG_FORMAT = ${printLiteral(format)}`
  const options = fileFormat ?? `TYPE = ${type.table.toUpperCase()}${logFormat}`
  const read = asUsage(() => parseStatement(`CREATE FILE FORMAT f ${options}`))
  if (read.kind === 'create-file-format') return read.format
  throw new MillraceError('USAGE', `${options} is no file format. Write it as in FILE_FORMAT = (…).`)
}

/** Proves that a statement can be read: its values come from flags. */
function readable<D extends Definition>(statement: D): D {
  asUsage(() => parseStatement(printStatement(statement)))
  return statement
}

function asUsage<T>(read: () => T): T {
  try {
    return read()
  } catch (error) {
    if (!(error instanceof MillraceError)) throw error
    throw new MillraceError('USAGE', `${error.message.replace(/^line \d+: /, '')}.`, error)
  }
}

function creation(name: string): { readonly orReplace: false; readonly ifNotExists: false; readonly name: ObjectName } {
  return { orReplace: false, ifNotExists: false, name: part(name) }
}

function part(text: string): ObjectName {
  return [{ text, quoted: false }]
}

function withSlash(url: string): string {
  return url.endsWith('/') || isOfEvents(url) ? url : `${url}/`
}
