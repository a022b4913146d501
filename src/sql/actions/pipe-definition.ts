import type { CatalogObject } from '../../catalog/objects.ts'
import { messageOf } from '../../errors.ts'
import { type BrokenPipe, type Pipe, type PipeName, pipeText } from '../../pipes/pipe.ts'
import type { PipeState } from '../../pipes/pipe-store.ts'
import type { Definitions } from '../../pipes/pipes.ts'
import { canonicalUrl } from '../../stages/canonical.ts'
import { isLogGroup, isOfEvents } from '../../stages/log-group.ts'
import { isLogName } from '../../stages/object-path.ts'
import { whyNotAllowed } from '../execution/locations.ts'
import { firstSession } from '../execution/session.ts'
import { printStatement } from '../statement/registry.ts'
import type { CopyErrors } from '../statement/copy-values.ts'
import { copySource } from '../statements/copy-into-table.ts'
import type { CreatePipe } from '../statements/pipe.ts'
import { ruleOf } from './copy-into-table.ts'
import { copyReading } from './copy-table.ts'
import { stagePattern } from './pattern.ts'
import { stageTarget } from './stage-access.ts'

const usualReconcileSeconds = 15 * 60
/** New events of a log group are asked for more often than buckets are listed. */
const logGroupSeconds = 60
const unitSeconds: Readonly<Record<string, number>> = { s: 1, m: 60, h: 3600 }

/** `10 seconds`, `15m` in seconds. */
function secondsIn(text: string): number {
  const [, amount, unit = 's'] = /^(\d+) *([smh])/i.exec(text) ?? []
  return Number(amount) * (unitSeconds[unit.toLowerCase()] ?? 1)
}

/** Every pipe of the catalog, with all that it names looked up; those for which that fails are told apart. */
export async function pipeDefinitions(
  objects: readonly CatalogObject[],
  states: ReadonlyMap<string, PipeState>,
): Promise<Definitions> {
  const pipes: Pipe[] = []
  const broken: BrokenPipe[] = []
  for (const object of objects) {
    const state = states.get(pipeText(object))
    if (object.definition.kind !== 'create-pipe' || state === undefined) continue
    const name = { database: object.database, schema: object.schema, name: object.name }
    try {
      pipes.push(await pipeOf(name, object.definition, state, objects))
    } catch (error) {
      broken.push({ ...name, reason: messageOf(error) })
    }
  }
  return { pipes, broken }
}

/** What a pipe does with a file that has errors, where it does not say: built-in tables keep every line that can be read, and the others as rejects. */
export function usualErrors({ reading }: Pick<Pipe, 'reading'>): CopyErrors {
  return { action: reading.into === undefined ? 'CONTINUE' : 'SKIP_FILE' }
}

async function pipeOf(
  name: PipeName,
  definition: CreatePipe,
  state: PipeState,
  objects: readonly CatalogObject[],
): Promise<Pipe> {
  const { copy, options } = definition
  const context = { objects, session: firstSession, dialect: 'snowflake' } as const
  const { location, pattern } = copySource(copy)
  const { path } = location
  const target = stageTarget(location, context)
  const reading = await copyReading(copy, target, context)
  // A folder may come later than its pipe.
  let known: string | undefined
  const rootOf = (): string => (known ??= canonicalUrl(target.url))
  const isMatch = stagePattern(pattern, target.url)
  const isOwn = reading.into !== undefined
  const onError = copy.options.onError ?? usualErrors({ reading })
  const usual = isLogGroup(target.url) ? logGroupSeconds : usualReconcileSeconds
  const seconds = options.reconcile === undefined ? usual : secondsIn(options.reconcile)
  return {
    ...name,
    url: target.url,
    prefix: path,
    access: target.access,
    matches: (uri) => {
      if (isOfEvents(target.url)) return false
      const root = rootOf()
      return (
        uri.startsWith(root + path) &&
        !uri.endsWith('/') &&
        uri.slice(root.length).split('/').every(isLogName) &&
        whyNotAllowed(uri, ['*'], target.blocked) === undefined &&
        isMatch(uri)
      )
    },
    reading,
    onError: ruleOf(onError),
    // Snowflake's pipes know objects by their names, and load none a second time.
    onChange: isOwn ? 'hold' : undefined,
    isPaused: state.isPaused,
    autoIngest: options.autoIngest ?? false,
    queueUrl: state.queueUrl,
    queueArn: state.queueArn,
    reconcileSeconds: seconds,
    startMs: state.startMs,
    listedMs: state.listedMs,
    signature: JSON.stringify([printStatement(definition), target, reading, state.queueUrl, state.isPaused]),
  }
}
