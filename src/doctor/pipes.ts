import type { Diagnosis, PipeStatus } from '../api.ts'
import type { Aws } from '../aws/aws.ts'
import type { CatalogObject } from '../catalog/objects.ts'
import { pipeText } from '../pipes/pipe.ts'
import type { PipeNow } from '../pipes/pipes.ts'
import { stageTarget } from '../sql/actions/stage-access.ts'
import { partOf } from '../sql/execution/names.ts'
import { firstSession } from '../sql/execution/session.ts'
import { isLogGroup, isPosted } from '../stages/log-group.ts'
import { errorOf } from './check.ts'
import { examineAccess, examineBucket, examineClock, examineFolder, examineLogGroup } from './place.ts'
import { examineQueue } from './queue.ts'

/** What is looked at. */
export interface PipeSituation {
  readonly objects: readonly CatalogObject[]
  readonly pipes: readonly PipeNow[]
  /** In the order of the pipes. */
  readonly statuses: readonly PipeStatus[]
  /** Names of pipes whose addresses a key opens. */
  readonly withKeys: ReadonlySet<string>
  readonly aws: () => Promise<Aws>
}

/** Looks at stages, pipes and their queues: whether all of it is there and may be read. Changes nothing. Nothing is said where there are none. */
export async function examinePipes({ objects, pipes, statuses, withKeys, aws }: PipeSituation): Promise<Diagnosis[]> {
  const stages = objects.filter(({ kind }) => kind === 'STAGE')
  const targets = stages.map((stage) => ({ stage, target: targetOf(stage, objects) }))
  const ofStages = targets.map(async ({ stage, target }) => {
    const subject = `stage ${pipeText(stage)}`
    if ('level' in target) return [target]
    const { url, access } = target
    if (url.startsWith('file:')) return orWell(examineFolder(subject, url), subject, `${url} is there.`)
    if (isPosted(url)) return orWell([], subject, `${url} stands for what Firehose posts to the server.`)
    if (isLogGroup(url)) {
      const refused = await examineAccess(subject, aws, access)
      const isRefused = refused.some(({ level }) => level === 'error')
      const read = isRefused ? [] : await examineLogGroup(subject, aws, { url, access })
      return orWell([...refused, ...read], subject, `${url} is read.`)
    }
    const own = pipes.flatMap(({ definition }) => (definition?.url === url ? [definition] : []))
    const reached = await examineAccess(subject, aws, access)
    // Each pipe would say the same again.
    if (reached.some(({ level }) => level === 'error')) return reached
    const listed = own.length > 0 ? [] : await examineBucket(subject, aws, { url, prefix: '', access })
    const said = own.length > 0 ? `${url} is reached.` : `${url} is listed and read.`
    return orWell([...reached, ...listed], subject, said)
  })
  const found = await Promise.all(ofStages)
  const unreached = new Set(found.flat().flatMap(({ level, subject }) => (level === 'error' ? [subject] : [])))
  const ofPipes = await Promise.all(
    pipes.map(async (now, index) => {
      const status = statuses[index]
      const isReached = !targets.some(
        ({ stage, target }) =>
          'url' in target && target.url === now.definition?.url && unreached.has(`stage ${pipeText(stage)}`),
      )
      if (status === undefined) return []
      if (isPosted(now.definition?.url ?? '')) return examinePosted(status, withKeys.has(status.name))
      return examinePipe(now, status, isReached, aws)
    }),
  )
  const bucket = targets.flatMap(({ target }) => ('url' in target && target.url.startsWith('s3') ? [target] : []))[0]
  const clock = bucket === undefined ? [] : await examineClock(aws, bucket.url, bucket.access)
  return [...found.flat(), ...ofPipes.flat(), ...clock]
}

async function examinePipe(
  { definition }: PipeNow,
  status: PipeStatus,
  isReached: boolean,
  aws: () => Promise<Aws>,
): Promise<readonly Diagnosis[]> {
  const subject = `pipe ${status.name}`
  const standing = examineState(subject, status)
  if (definition === undefined || definition.url.startsWith('file:') || !isReached) return standing
  if (isLogGroup(definition.url))
    return orWell(
      standing,
      subject,
      `${definition.url} is asked for what is new every ${definition.reconcileSeconds} seconds.`,
    )
  const { queueUrl, autoIngest, url, prefix, reconcileSeconds } = definition
  const place = url + prefix
  const [listed, queued] = await Promise.all([
    examineBucket(subject, aws, definition),
    queueUrl === undefined || !autoIngest ? [] : examineQueue(subject, aws, definition, queueUrl),
  ])
  const way = !autoIngest
    ? 'it loads what it is asked for'
    : queueUrl === undefined
      ? `it has no queue, and lists every ${reconcileSeconds / 60} minutes`
      : 'so is its queue'
  return orWell([...standing, ...listed, ...queued], subject, `${place} is listed and read; ${way}.`)
}

/** A pipe that has no other way in than its address. */
function examinePosted(status: PipeStatus, hasKey: boolean): readonly Diagnosis[] {
  const subject = `pipe ${status.name}`
  const message = 'It has no access key, so whatever Firehose posts to it is refused.'
  const mend = `Say "millrace firehose ${status.name}", and give Firehose the key that it shows.`
  const closed: Diagnosis[] = hasKey ? [] : [{ level: 'warning', subject, message, mend }]
  const said = 'It takes what Firehose posts while the server runs.'
  return orWell([...examineState(subject, status), ...closed], subject, said)
}

function examineState(subject: string, { name, state, reason, parked_files }: PipeStatus): Diagnosis[] {
  const found: Diagnosis[] = []
  if (state === 'broken' || state === 'stalled')
    found.push({
      level: 'error',
      subject,
      message: state === 'broken' ? `It cannot run: ${reason ?? ''}` : `Nothing can be loaded: ${reason ?? ''}`,
      mend:
        state === 'broken' ? 'Make what it names again, or drop the pipe.' : 'Mend that; the pipe goes on by itself.',
    })
  if (state === 'paused')
    found.push({ level: 'warning', subject, message: 'It is paused.', mend: `Say "millrace pipes resume ${name}".` })
  if (parked_files > 0)
    found.push({
      level: 'warning',
      subject,
      message: `It has given up ${parked_files} objects or messages.`,
      mend: `See "millrace pipes parked ${name}", mend them, and say "millrace pipes retry ${name}".`,
    })
  return found
}

/** Where a stage leads, or why it leads nowhere. */
function targetOf(stage: CatalogObject, objects: readonly CatalogObject[]): ReturnType<typeof stageTarget> | Diagnosis {
  const name = [stage.database, stage.schema, stage.name].map(partOf)
  try {
    return stageTarget({ stage: name, path: '' }, { objects, session: firstSession })
  } catch (error) {
    const { message } = errorOf('', error)
    const [said = message, mend = ''] = message.split('; ')
    return { level: 'error', subject: `stage ${pipeText(stage)}`, message: said, mend }
  }
}

/** A sentence where nothing is wrong. */
function orWell(found: readonly Diagnosis[], subject: string, message: string): readonly Diagnosis[] {
  return found.length > 0 ? found : [{ level: 'ok', subject, message, mend: '' }]
}
