import { join } from 'node:path'
import type { Lake } from '../../api.ts'
import { messageOf } from '../../errors.ts'
import type { GlobalFlags } from '../terminal/flags.ts'
import { note } from '../terminal/notes.ts'
import { openLog, openToServe, serveUntilStopped } from '../terminal/serving.ts'
import { write } from '../terminal/stdout.ts'
import { runLiveLogs } from './live-logs.ts'
import { sampleSets, samplesFolder, writeSamples } from './samples.ts'

const queries = [
  "select srcaddr, count(distinct dstport) as ports from vpc_flow_logs where action = 'REJECT' group by all order by ports desc limit 5",
  "select remoteip, requester, count(*) as requests from s3_access_logs where operation like '%DELETE%' group by all order by requests desc limit 5",
] as const

/** Fills the lake with sample logs, serves it, says where to look, and adds live logs until it is stopped. */
export async function runDemo(flags: GlobalFlags, port: number): Promise<void> {
  const lake = await openToServe(flags.lake)
  const folder = samplesFolder(lake.directory)
  await loadSamples(lake, folder, flags).catch(async (error: unknown) => {
    await lake.close()
    throw error
  })
  const log = openLog({ ...flags, quiet: true })
  await serveUntilStopped(lake, { host: '127.0.0.1', port, log }, async ({ url }, signal) => {
    await write(welcome(url, flags))
    await runLiveLogs(lake, folder, signal).catch((error: unknown) => {
      note(`No more live logs come (${messageOf(error)}).`)
    })
  })
}

async function loadSamples(lake: Lake, folder: string, flags: GlobalFlags): Promise<void> {
  const say = flags.quiet === true ? (): void => {} : note
  for (const set of sampleSets) {
    const truth = await writeSamples(folder, set, Date.now())
    if (truth !== undefined)
      say(
        `Wrote ${truth.rows} records of ${set.type} in ${truth.files.length} files, with ${truth.incidents.length} planted incidents.`,
      )
    const { files, rows, seconds } = await lake.load(join(folder, set.type), { type: set.type })
    if (files > 0) say(`Loaded ${rows} rows from ${files} files in ${seconds} s.`)
  }
}

function welcome(url: string, { lake }: GlobalFlags): string {
  const commands = queries.map((sql) => `  npx millrace --lake ${lake} query "${sql}"\n`)
  return `Millrace is at ${url} – live logs keep coming until Ctrl-C.\nAsk it, in another terminal:\n${commands.join('')}`
}
