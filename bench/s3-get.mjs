// Small objects from a local S3 server: what a GET costs our own client, against the AWS SDK. Server and client share the machine's cores.
import { fork } from 'node:child_process'
import { once } from 'node:events'
import { runScript, sideBySide, summarise } from './measure.mjs'
import { readOptions } from './options.mjs'
import { count, report, timing, verdict } from './report.mjs'

/** Times the SDK's objects a second of processor time. */
const must = 3
const aim = 6
const concurrency = 32

const options = readOptions(3)
const objects = Math.round(100_000 * options.scale)
const server = fork(new URL('runs/s3-server.mjs', import.meta.url), { execArgv: [] })
const [{ url, sizes }] = await once(server, 'message')
const sides = [
  { name: 'Millrace', objects },
  { name: 'Millrace as a stream', objects, asStream: true },
  // A tenth takes as long.
  { name: 'AWS SDK', objects: Math.ceil(objects / 10) },
].map((side) => ({
  name: side.name,
  run: () => runScript('s3-get', { ...side, side: side.name.split(' ')[0], url, sizes, concurrency }),
}))
const runs = await sideBySide(sides, options.runs)
server.disconnect()

const own = measuresOf('Millrace')
const stream = measuresOf('Millrace as a stream')
const sdk = measuresOf('AWS SDK')
const timesAsFast = own.perCoreSecond / sdk.perCoreSecond
report('s3-get', options, [
  {
    work: `GET of objects of 2–5 KB from a bare HTTP server on the same cores, ${concurrency} at once`,
    millrace: `${said(own)}; as a stream: ${said(stream)}`,
    beside: `AWS SDK: ${said(sdk)}; Millrace reads **${timesAsFast.toFixed(1)}** times as many a second of its processor time`,
    must: `${must} times the SDK`,
    aim: `${aim} times`,
    so: verdict([timesAsFast >= must], [timesAsFast >= aim]),
    figures: { objects, own, stream, sdk, timesAsFast },
    runs,
  },
])

function measuresOf(side) {
  const summary = summarise(runs[side])
  const fetched = runs[side][0].objects
  return { ...summary, perSecond: fetched / summary.seconds, perCoreSecond: fetched / summary.cpuSeconds }
}

function said(measures) {
  return `${timing(measures)}; ${count(Math.round(measures.perSecond))} objects/s, **${count(Math.round(measures.perCoreSecond))}/s of processor time**`
}
