import type { Lake, PipeDetails } from '../../api.ts'
import type { Place } from '../../aws-setup/place.ts'
import type { Setup } from '../../aws-setup/setup.ts'
import { type SetUpSource, addCommand, sourcesOf } from '../../aws-setup/sources.ts'
import { type Timing, systemTiming } from '../../aws/timing.ts'
import { MillraceError } from '../../errors.ts'
import { isLogGroup } from '../../stages/log-group.ts'
import { logTypeNamed, logTypes } from '../../log-type/registry.ts'
import type { Source } from '../add/plan.ts'
import { addSource } from '../add/source.ts'
import { interruptible } from '../terminal/interruptible.ts'
import { note } from '../terminal/notes.ts'
import { write } from '../terminal/stdout.ts'

const listingMs = 15_000

/** Makes a lake read what was set up; prints the SQL that does. */
export async function addToLake(lake: Lake, sources: readonly SetUpSource[], isQuiet: boolean): Promise<PipeDetails[]> {
  const pipes: PipeDetails[] = []
  for (const source of sources) {
    const { sql, pipe, sentences } = await addSource(lake, asSource(source))
    await write(sql)
    if (!isQuiet) for (const sentence of sentences) note(sentence)
    pipes.push(pipe)
  }
  return pipes
}

/** Names the log types that there are. */
export function checkLogType(name: string): void {
  if (logTypeNamed(name) !== undefined) return
  const known = logTypes.map((type) => type.name).join(', ')
  throw new MillraceError('USAGE', `There is no log type ${name} to add. Take one of ${known}.`)
}

function asSource({ logType, ...source }: SetUpSource): Source {
  const type = logTypeNamed(logType)
  if (type === undefined) throw new MillraceError('USAGE', `There is no log type ${logType} to add.`)
  return { type, ...source, start: 'all' }
}

/** Says how a lake is made to read what was set up, or why it cannot. */
export function tellSources(setup: Setup, place: Place): void {
  try {
    for (const source of sourcesOf(setup, place)) note(`To read it: ${addCommand(source)}`)
  } catch (error) {
    if (!(error instanceof MillraceError)) throw error
    note(error.message)
  }
}

/** Lists the stages again and again until each pipe has loaded its first object. Ctrl-C ends it. */
export async function waitForFirst(lake: Lake, pipes: readonly PipeDetails[]): Promise<void> {
  await interruptible(async (signal) => {
    for (const pipe of pipes) {
      note(
        `Waiting for the first object of the pipe ${pipe.name} at ${pipe.location ?? 'its stage'}. ${reasonOf(pipe)} Ctrl-C ends the wait and nothing else.`,
      )
      try {
        const rows = await firstRows(lake, pipe.name, systemTiming, signal)
        note(`The pipe ${pipe.name} has loaded its first object, of ${rows} rows in ${pipe.table_name}.`)
      } catch (error) {
        if (!signal.aborted) throw error
        note('No longer waiting. What was set up stays; "millrace serve" loads what comes.')
        return
      }
    }
  })
}

async function firstRows(lake: Lake, name: string, timing: Timing, signal: AbortSignal): Promise<number> {
  const pipe = lake.pipe(name)
  for (;;) {
    const { files, failed_files: failed, rows, faults } = await pipe.refresh({ signal })
    if (files > 0) return rows
    if (failed > 0) throw new MillraceError('PIPE_BROKEN', faults[0]?.message ?? `The pipe ${name} could not load.`)
    // A server may have been quicker.
    const known = await pipe.details()
    if (known.files > 0) return known.rows
    await timing.wait(listingMs, signal)
  }
}

/** VPC User Guide, "Flow log records"; S3 User Guide, "Best-effort server log delivery". */
function reasonOf({ table_name: table, location }: PipeDetails): string {
  if (table === 'logs.s3_access_logs') return 'S3 delivers access logs some hours after the requests, when it can.'
  const where = location !== null && isLogGroup(location) ? 'CloudWatch Logs has its events' : 'S3 has the object'
  return `Ten minutes are normal: a flow log gathers for up to ten, and five more may pass until ${where}. There must be traffic, too.`
}
