import type { Lake, PipeDetails, StatementResult } from '../../api.ts'
import { isLogGroup, isPosted } from '../../stages/log-group.ts'
import { cellText } from '../output/cell.ts'
import { type Source, planAdd } from './plan.ts'

/** What came of it. */
export interface Added {
  /** Empty where nothing was to be run. */
  readonly sql: string
  readonly pipe: PipeDetails
  readonly sentences: readonly string[]
  /** What AWS must have for it. */
  readonly needed: readonly string[]
}

/** Makes the stage and the pipe of a source, unless there is one that reads it already. */
export async function addSource(lake: Lake, source: Source): Promise<Added> {
  const integrations = (await resultsOf(lake, 'SHOW STORAGE INTEGRATIONS')).flatMap(({ rows }) =>
    rows.map(({ name }) => cellText(name, '')),
  )
  const [stages, pipes] = [await lake.listStages(), await lake.listPipes()]
  const plan = planAdd(source, { stages, pipes, integrations })
  if ('known' in plan) return { sql: '', pipe: plan.known, sentences: knownSentences(plan.known, source), needed: [] }
  const results = await resultsOf(lake, plan.sql).catch(async (error: unknown) => {
    await resultsOf(lake, plan.undo)
    throw error
  })
  const pipe = await lake.pipe(plan.pipe).details()
  const trust = plan.integration === undefined ? [] : [await trustSentence(lake, plan.integration)]
  const notices = results.flatMap((result) => result.notices)
  return {
    sql: plan.sql,
    pipe,
    sentences: [...nextSentences(pipe, source), ...notices],
    needed: [...eventSentences(pipe, source), ...trust],
  }
}

async function resultsOf(lake: Lake, script: string): Promise<StatementResult[]> {
  const results: StatementResult[] = []
  for await (const result of lake.run(script, { dialect: 'snowflake', maxRows: 1_000_000 })) results.push(result)
  return results
}

function knownSentences(pipe: PipeDetails, { url, queue }: Source): string[] {
  const there = `${url} goes into ${pipe.table_name} by the pipe ${pipe.name} already; nothing was changed.`
  const isOther = queue !== undefined && nameOfQueue(queue) !== nameOfQueue(pipe.queue ?? '')
  return isOther
    ? [there, `Its queue is ${pipe.queue ?? 'none'}. Say ALTER PIPE ${pipe.name} SET QUEUE = '${queue}' to change it.`]
    : [there]
}

/** What ARNs and URLs of queues end with. */
function nameOfQueue(queue: string): string {
  return /[^:/]*$/.exec(queue)?.[0] ?? ''
}

function nextSentences({ name, table_name, state }: PipeDetails, { url }: Source): string[] {
  const runs = state === 'running' ? 'The server runs it.' : 'Start it with "millrace serve".'
  const sentences = [`The pipe ${name} loads ${url} into ${table_name}. ${runs}`]
  if (url.startsWith('file:')) return sentences
  if (isPosted(url))
    return [...sentences, `Say "millrace firehose ${name}" for the address and the key to give to Firehose.`]
  if (isLogGroup(url)) return [...sentences, 'See with "millrace doctor" whether it can be read.']
  return [...sentences, 'See with "millrace doctor" whether all of it can be reached.']
}

function eventSentences({ queue }: PipeDetails, { url }: Source): string[] {
  const [, bucket, prefix = ''] = /^s3:\/\/([^/]+)\/(.*)$/.exec(url) ?? []
  if (bucket === undefined || queue === null) return []
  return [
    `Let the bucket ${bucket} send s3:ObjectCreated:* ${prefix === '' ? '' : `of the prefix ${prefix} `}to ${queue}.`,
  ]
}

async function trustSentence(lake: Lake, integration: string): Promise<string> {
  const [described] = await resultsOf(lake, `DESC STORAGE INTEGRATION ${integration}`)
  const valueOf = (property: string): string =>
    cellText(described?.rows.find((row) => row['property'] === property)?.['property_value'], 'whoever runs Millrace')
  return `The trust policy of ${valueOf('STORAGE_AWS_ROLE_ARN')} has to allow sts:AssumeRole to ${valueOf('STORAGE_AWS_IAM_USER_ARN')} where sts:ExternalId is ${valueOf('STORAGE_AWS_EXTERNAL_ID')}.`
}
