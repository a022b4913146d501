// Objects of a bucket that nginx serves on loopback, to committed rows: many small ones against the AWS SDK, which only fetches them, and large
// ones against the same files from a folder. Server and client share the machine's cores.
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { input } from './inputs.mjs'
import { loadWithMillrace } from './loads.mjs'
import { runScript, scratch, sideBySide, summarise, warm } from './measure.mjs'
import { serveBucket } from './nginx.mjs'
import { chosen, readOptions } from './options.mjs'
import { count, rate, report, timing, verdict } from './report.mjs'

const concurrency = 32
const options = readOptions(3)
const parts = [
  { name: 'small', run: smallObjects },
  { name: 'large', run: largeObjects },
]
const rows = []
for (const part of chosen(parts, options.only)) rows.push(await part.run())
report('s3-load', options, rows)

async function smallObjects() {
  const must = 3
  const aim = 6
  const logs = await input('small-plain', options.scale)
  const { own, beside, runs } = await servedFrom(logs, (bucket) => {
    const list = join(scratch('keys'), 'keys.json')
    writeFileSync(list, JSON.stringify(bucket.keys))
    return { name: 'AWS SDK', run: () => runScript('sdk-fetch', { url: bucket.url, list, concurrency }) }
  })
  const times = beside.seconds / own.seconds
  return {
    work: `${count(logs.files)} objects of 2–5 KB to committed rows`,
    millrace: `${timing(own)}; **${count(Math.round(logs.files / own.seconds))} objects/s**`,
    beside: `AWS SDK only fetching, ${concurrency} at once: ${timing(beside)}; ${count(Math.round(logs.files / beside.seconds))} objects/s; Millrace: **× ${times.toFixed(2)}**`,
    must: `${must} times its objects/s`,
    aim: `${aim} times`,
    so: verdict([times >= must], [times >= aim]),
    figures: { input: logs, own, sdk: beside, times },
    runs,
  }
}

async function largeObjects() {
  const must = 0.8
  const aim = 0.95
  const logs = await input('flow-75mb', options.scale)
  const { own, beside, runs } = await servedFrom(logs, () => ({ name: 'Folder', run: () => loadWithMillrace(logs) }))
  const share = beside.seconds / own.seconds
  return {
    work: `${count(logs.files)} gzip objects of ${Math.round(logs.storedBytes / logs.files / 1e6)} MB to committed rows`,
    millrace: `${timing(own)}; ${rate(logs.rows, own.seconds)}`,
    beside: `from a folder: ${timing(beside)}; **${Math.round(share * 100)} %** of its speed`,
    must: `${must * 100} % of a folder's speed`,
    aim: `${aim * 100} %`,
    so: verdict([share >= must], [share >= aim]),
    figures: { input: logs, own, folder: beside, share },
    runs,
  }
}

/** Millrace from the bucket beside another side. */
async function servedFrom(logs, sideOf) {
  await warm(logs.folder)
  const bucket = await serveBucket(logs.folder)
  Object.assign(process.env, {
    AWS_ENDPOINT_URL: bucket.url,
    AWS_REGION: 'eu-west-1',
    AWS_ACCESS_KEY_ID: 'AKIDEXAMPLE',
    AWS_SECRET_ACCESS_KEY: 'wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY',
  })
  try {
    const side = sideOf(bucket)
    const fromBucket = { ...logs, folder: 's3://logs/' }
    const runs = await sideBySide([{ name: 'Millrace', run: () => loadWithMillrace(fromBucket) }, side], options.runs)
    return { own: summarise(runs.Millrace), beside: summarise(runs[side.name]), runs }
  } finally {
    await bucket.stop()
  }
}
