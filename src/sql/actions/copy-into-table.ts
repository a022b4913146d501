import { readSelection } from '../../loading/copy-select.ts'
import type { ErrorRule } from '../../loading/error-rule.ts'
import type { ObjectOutcome } from '../../loading/stage-load.ts'
import { canonicalUrl } from '../../stages/canonical.ts'
import type { Stage, StageObject } from '../../stages/stage.ts'
import { failed } from '../execution/failure.ts'
import { onConnection } from '../execution/script-lake.ts'
import type { CopyErrors } from '../statement/copy-values.ts'
import type { StageLocation } from '../statement/stage-location.ts'
import { type CopyIntoTable, copySource } from '../statements/copy-into-table.ts'
import type { Action, ActionContext } from './action.ts'
import { copyResult, readFirstRejects } from './copy-result.ts'
import { type CopyReading, copyReading } from './copy-table.ts'
import { validate } from './copy-validation.ts'
import { patternRoot, stagePattern } from './pattern.ts'
import { purge } from './purge.ts'
import { type StageTarget, openStage } from './stage-access.ts'

/** COPY INTO a table: what history does not hold, once. In a pipe's terms, by hand. */
export const copyIntoTable: Action<'copy-into-table'> = async (statement, context) => {
  const { options } = statement
  const { location, pattern } = copySource(statement)
  const onError = options.onError ?? { action: 'ABORT_STATEMENT' }
  const opened = await openStage(location, context)
  const reading = await copyReading(statement, opened, context)
  await checkSelection(reading, context)
  const stage = await selected(opened, location, { ...options, pattern }, context)
  if (options.validationMode !== undefined) return validate(options.validationMode, stage, reading, context)
  const outcomes: ObjectOutcome[] = []
  await context.lake.load(stage, reading, {
    onError: ruleOf(onError),
    // Into a table of a script, as Snowflake has it: what changed is loaded as well.
    onChange: reading.into === undefined ? opened.stage.onChange : 'append',
    force: options.force === true && reading.into !== undefined ? 'beside' : (options.force ?? false),
    signal: context.signal,
    onObjects: (given) => {
      outcomes.push(...given)
    },
  })
  if (options.purge === true) await purge(outcomes, stage, opened, context)
  const first = await onConnection(context.lake.engine, (connection) => readFirstRejects(connection, outcomes))
  return copyResult(outcomes, first, onError, options.returnFailedOnly ?? false)
}

/** Refuses a SELECT that names what files do not have, or whose values a column cannot take. */
export async function checkSelection({ into }: CopyReading, { lake }: Pick<ActionContext, 'lake'>): Promise<void> {
  if (into?.select !== undefined) await onConnection(lake.engine, (connection) => readSelection(connection, into))
}

/** What ON_ERROR means to a load. */
export function ruleOf(onError: CopyErrors): ErrorRule {
  if (onError.action === 'CONTINUE') return 'continue'
  if (onError.action === 'ABORT_STATEMENT') return 'abort'
  if ('rows' in onError)
    return { isTooMany: (rejects) => rejects >= onError.rows, name: `ON_ERROR = SKIP_FILE_${onError.rows}` }
  if ('percent' in onError)
    return {
      isTooMany: (rejects, records) => rejects * 100 > onError.percent * records,
      name: `ON_ERROR = 'SKIP_FILE_${onError.percent}%'`,
    }
  return { isTooMany: (rejects) => rejects > 0, name: 'ON_ERROR = SKIP_FILE' }
}

/** The objects of the stage that FILES, PATTERN and SIZE_LIMIT leave. */
async function selected(
  { stage, url }: StageTarget & { readonly stage: Stage },
  from: StageLocation,
  options: Omit<CopyIntoTable['options'], 'pattern'> & { readonly pattern: string | undefined },
  context: ActionContext,
): Promise<Stage> {
  const { files, pattern, sizeLimit = Infinity } = options
  const matches = stagePattern(pattern, patternRoot(url))
  const { path } = from
  const folder = path === '' || path.endsWith('/') ? path : `${path}/`
  const named = files?.map((file) => `${folder}${file}`)
  const places =
    named === undefined
      ? [stage]
      : await Promise.all(
          named.map(async (name) => (await openStage({ stage: from.stage, path: name }, context)).stage),
        )
  return {
    ...stage,
    async *list(signal) {
      let bytes = 0
      for (const [index, place] of places.entries()) {
        let isFound = false
        for await (const objects of place.list(signal)) {
          const own =
            named === undefined
              ? objects
              : objects.filter(({ uri }) => uri === canonicalUrl(url) + (named[index] ?? ''))
          isFound ||= own.length > 0
          const wanted: StageObject[] = []
          for (const object of own) {
            // At least one object, and no further one once the limit is reached.
            if (bytes >= sizeLimit || !matches(object.uri)) continue
            wanted.push(object)
            bytes += object.size
          }
          if (wanted.length > 0) yield wanted
          if (bytes >= sizeLimit) return
        }
        if (named !== undefined && !isFound && options.onError?.action !== 'CONTINUE')
          throw failed(`${files?.[index] ?? ''} of FILES is not there; LIST shows what the stage holds`)
      }
    },
  }
}
