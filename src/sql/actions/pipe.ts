import type { CatalogObject } from '../../catalog/objects.ts'
import { logTypes } from '../../log-type/registry.ts'
import { type PipeName, pipeText } from '../../pipes/pipe.ts'
import { type PipeState, readPipeStates } from '../../pipes/pipe-store.ts'
import { isOfEvents } from '../../stages/log-group.ts'
import { missing } from '../execution/alter.ts'
import { failed } from '../execution/failure.ts'
import { keyOf } from '../execution/names.ts'
import { type Outcome, find, outcomeOf } from '../execution/plan.ts'
import { onConnection } from '../execution/script-lake.ts'
import { copySource } from '../statements/copy-into-table.ts'
import type { AlterPipe, CreatePipe } from '../statements/pipe.ts'
import type { Action, ActionContext } from './action.ts'
import { checkSelection } from './copy-into-table.ts'
import { type CopyReading, copyReading } from './copy-table.ts'
import { namedQueue, ownQueue } from './pipe-queue.ts'
import { stageTarget } from './stage-access.ts'

/** Clocks of this machine and of S3 differ, and S3 tells whole seconds. */
const slackMs = 60_000

/** CREATE PIPE: with the queue that is said, or one of its own, or none where AWS does not allow that. */
export const createPipe: Action<'create-pipe'> = async (statement, context) => {
  const { copy, options } = statement
  const target = stageTarget(copySource(copy).location, context)
  const reading = await copyReading(copy, target, context)
  if (isOfEvents(target.url)) checkEvents(statement, target.url, reading)
  await checkSelection(reading, context)
  const key = keyOf('PIPE', 'schema', statement.name, context.session)
  const isKept = statement.ifNotExists && find(context.objects, key) !== undefined
  const isS3 = target.url.startsWith('s3')
  const made =
    isKept || !isS3 || (options.queue === undefined && options.autoIngest !== true)
      ? undefined
      : options.queue === undefined
        ? await ownQueue(() => context.lake.stages.aws(), target)
        : await namedQueue(await context.lake.stages.aws(), options.queue)
  const queue = made !== undefined && 'url' in made ? made : undefined
  const state: PipeState = {
    isPaused: false,
    queueUrl: queue?.url,
    queueArn: queue?.arn,
    startMs: startOf(options.start),
    listedMs: undefined,
  }
  const outcome = await context.apply(statement, [{ step: 'keep-pipe', key, state }])
  if (made === undefined || !('why' in made)) return outcome
  const seconds = options.reconcile ?? '15 minutes'
  return {
    ...outcome,
    notices: [
      `The pipe has no queue (${made.why.replace(/\.$/, '')}); it lists its stage every ${seconds}. Give it one with ALTER PIPE ${pipeText(key)} SET QUEUE = 'arn:…'.`,
    ],
  }
}

/** Refuses what events cannot be asked for, and what cannot be filled with them. */
function checkEvents({ copy, options }: CreatePipe, url: string, { type }: CopyReading): void {
  const { location, pattern } = copySource(copy)
  if (type?.wrapped !== true) {
    const tables = logTypes.filter(({ wrapped }) => wrapped).map(({ table }) => `logs.${table}`)
    throw failed(`events of ${url} go into ${tables.join(' or ')}; a task can take them on from there`)
  }
  if (location.path !== '' || pattern !== undefined)
    throw failed(`${url} is read as a whole; leave the path and PATTERN out`)
  if (options.queue !== undefined) throw failed(`${url} is read without a queue; leave QUEUE out`)
  const { onError } = copy.options
  if (onError !== undefined && onError.action !== 'CONTINUE')
    throw failed(`events of ${url} come in no files that could be kept out; say ON_ERROR = CONTINUE, or nothing`)
}

/** What was there before the pipe is left to REFRESH, as in Snowflake, unless START says otherwise. */
function startOf(start: string | undefined): number | undefined {
  if (start?.toUpperCase() === 'ALL') return undefined
  if (start === undefined || start.toUpperCase() === 'NOW') return Date.now() - slackMs
  return momentOf(start)
}

/** A time without a zone is in UTC. */
function momentOf(text: string): number {
  const iso = text.replace(' ', 'T')
  return Date.parse(/[T].*(Z|[+-]\d{2}:?\d{2})$/.test(iso) ? iso : iso.includes('T') ? `${iso}Z` : iso)
}

/** ALTER PIPE: pause, resume, another queue, refresh. */
export const alterPipe: Action<'alter-pipe'> = async (statement, context) => {
  const { change } = statement
  const key = keyOf('PIPE', 'schema', statement.name, context.session)
  const object = find(context.objects, key)
  if (object === undefined) return statement.ifExists ? context.apply(statement, []) : missingPipe(key)
  if (change.action === 'refresh') return refresh(object, change.options, context)
  if (change.action === 'set' && change.options.queue !== undefined) checkQueued(object, context)
  const states = await onConnection(context.lake.engine, readPipeStates)
  const before = states.get(pipeText(object))
  if (before === undefined) return missingPipe(key)
  const state = await stateAfter(before, statement, context)
  return context.apply(statement, [{ step: 'keep-pipe', key, state }])
}

function checkQueued({ definition }: CatalogObject, context: ActionContext): void {
  if (definition.kind !== 'create-pipe') return
  const { url } = stageTarget(copySource(definition.copy).location, context)
  if (isOfEvents(url)) throw failed(`${url} is read without a queue; leave QUEUE out`)
}

function missingPipe(key: Parameters<typeof missing>[0]): never {
  throw missing(key)
}

async function stateAfter(before: PipeState, { change }: AlterPipe, { lake }: ActionContext): Promise<PipeState> {
  if (change.action === 'refresh') return before
  if (change.action === 'unset') {
    const isWithout = change.options.includes('queue')
    return { ...before, ...(isWithout ? { queueUrl: undefined, queueArn: undefined } : {}) }
  }
  const { pipeExecutionPaused: isPaused = before.isPaused, queue } = change.options
  // What others took from its queue meanwhile, only a listing of everything finds.
  const resumed = before.isPaused && !isPaused ? { listedMs: undefined } : {}
  if (queue === undefined) return { ...before, ...resumed, isPaused }
  const { url, arn } = await namedQueue(await lake.stages.aws(), queue)
  return { ...before, ...resumed, isPaused, queueUrl: url, queueArn: arn }
}

async function refresh(
  { database, schema, name }: PipeName,
  { prefix, modifiedAfter }: { readonly prefix?: string; readonly modifiedAfter?: string },
  { lake, signal = new AbortController().signal }: ActionContext,
): Promise<Outcome> {
  const modifiedAfterMs = modifiedAfter === undefined ? undefined : momentOf(modifiedAfter)
  const met = await lake.pipes.refresh({ database, schema, name }, { prefix, modifiedAfterMs }, signal)
  return outcomeOf(
    ['File', 'Status'],
    met.map(({ uri }) => [uri, 'SENT']),
  )
}
