// A pipe of a served lake: how soon objects are visible that a queue tells of, and the memory that a long backlog takes.
import { fork } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { setTimeout as pause } from 'node:timers/promises'
import { drop, mebibytes, scratch, summarise } from './measure.mjs'
import { fromLibrary } from './library.mjs'
import { chosen, readOptions } from './options.mjs'
import { count, report, verdict } from './report.mjs'
import { openPage, rowsOf, serve } from './runs/serving.mjs'

const options = readOptions(1)
const parts = [
  { name: 'lag', measure: lag },
  { name: 'backlog', measure: backlog },
]
const rows = []
for (const { measure } of chosen(parts, options.only)) rows.push(await measure())
report('pipes', options, rows)

/** Put to visible: seen by a client of the server that asks for what is new. */
async function lag() {
  const must = { p50: 1.5, p99: 5 }
  const aim = { p50: 1, p99: 3 }
  const perSecond = 50
  const seconds = Math.max(5, Math.round(600 * options.scale))
  const { found: delays, cpuSeconds } = await served({ perSecond, seconds }, async ({ cloud, page, server }) => {
    const seenAt = new Map()
    let lastLoad = 0
    const before = processorTime(server.pid)
    const put = answerOf(cloud, 'putAt')
    cloud.send('begin')
    const wanted = perSecond * seconds
    const limit = Date.now() + seconds * 1000 + 60_000
    while (seenAt.size < wanted && Date.now() < limit) {
      const lines = await page.ask({
        sql: `select file, load_id from load_history where load_id > ${lastLoad}`,
        maxRows: 100_000,
      })
      const now = Date.now()
      for (const [file, loadId] of rowsOf(lines)) {
        seenAt.set(Number(/_(\d{8})\.log$/.exec(file)[1]), now)
        lastLoad = Math.max(lastLoad, Number(loadId))
      }
      await pause(50)
    }
    const spent = processorTime(server.pid) - before
    const { putAt } = await put
    if (seenAt.size !== wanted) throw new Error(`Of ${wanted} objects ${seenAt.size} were loaded.`)
    return { found: putAt.map((ms, number) => (seenAt.get(number) - ms) / 1000), cpuSeconds: spent }
  })
  const sorted = delays.toSorted((a, b) => a - b)
  const at = (share) => sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))]
  const [p50, p99] = [at(0.5), at(0.99)]
  return {
    work: `put to visible, ${perSecond} objects a second for ${count(seconds)} s, told of by a queue`,
    millrace: `p50 **${p50.toFixed(2)} s**, p99 **${p99.toFixed(2)} s**, longest ${sorted.at(-1).toFixed(2)} s; ${(cpuSeconds / seconds).toFixed(2)} s of processor time a second`,
    must: `p50 ${must.p50} s, p99 ${must.p99} s`,
    aim: `${aim.p50} s, ${aim.p99} s`,
    so: verdict([p50 <= must.p50, p99 <= must.p99], [p50 <= aim.p50, p99 <= aim.p99]),
    figures: { p50, p99, longest: sorted.at(-1), objects: sorted.length, cpuSeconds },
    runs: {},
  }
}

/** The same server with an empty queue, and with a million messages in it, until the last is deleted. */
async function backlog() {
  const must = 300 * 2 ** 20
  const objects = Math.round(1_000_000 * options.scale)
  const empty = await served({ backlog: 0 }, async ({ server }) => {
    await pause(15_000)
    return peakResident(server.pid)
  })
  const full = await served({ backlog: objects }, async ({ cloud, page, server, recordsInEach }) => {
    const start = performance.now()
    for (;;) {
      const left = answerOf(cloud, 'left')
      cloud.send('left')
      if ((await left).left === 0) break
      await pause(1000)
    }
    const seconds = (performance.now() - start) / 1000
    const [[stored]] = rowsOf(await page.ask({ sql: 'select count(*) from vpc_flow_logs', maxRows: 1 }))
    const wanted = (objects / recordsInEach.length) * recordsInEach.reduce((sum, records) => sum + records, 0)
    if (Number(stored) !== wanted) throw new Error(`${stored} rows are there, not ${wanted}.`)
    return { seconds, cpuSeconds: processorTime(server.pid), peakRss: peakResident(server.pid) }
  })
  const { seconds } = summarise([full])
  const more = full.peakRss - empty
  return {
    work: `a backlog of ${count(objects)} messages, until the last is deleted`,
    millrace: `**${mebibytes(more)}** above an empty server (${mebibytes(full.peakRss)} and ${mebibytes(empty)}); ${count(Math.round(objects / seconds))} objects/s`,
    must: mebibytes(must),
    so: verdict([more <= must], []),
    figures: { empty, ...full, objectsPerSecond: objects / seconds },
    runs: {},
  }
}

/** A server with one pipe on a cloud of its own. */
async function served(of, work) {
  const folder = scratch('pipe')
  const cloud = fork(new URL('runs/event-cloud.mjs', import.meta.url), [JSON.stringify(of)], {
    execArgv: [],
    stdio: ['ignore', 'ignore', 'inherit', 'ipc'],
  })
  const { url, recordsInEach } = await answerOf(cloud, 'url')
  Object.assign(process.env, {
    AWS_ENDPOINT_URL: url,
    AWS_REGION: 'eu-west-1',
    AWS_ACCESS_KEY_ID: 'AKIDEXAMPLE',
    AWS_SECRET_ACCESS_KEY: 'wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY',
  })
  const { openLake } = await fromLibrary('index.js')
  const lake = await openLake(folder)
  const script = `create stage s url = 's3://logs/';
    create pipe p auto_ingest = true queue = '${url}/123456789012/events' reconcile = '1 hour' start = 'all'
    as copy into logs.vpc_flow_logs from @s file_format = (type = vpc_flow_logs)`
  for await (const done of lake.run(script)) void done
  await lake.close()
  const server = await serve(folder)
  try {
    return await work({ cloud, page: await openPage(server.url), server, recordsInEach })
  } finally {
    await server.stop()
    cloud.disconnect()
    drop(folder)
  }
}

function answerOf(child, key) {
  return new Promise((resolve) => {
    const listen = (message) => {
      if (message[key] === undefined) return
      child.off('message', listen)
      resolve(message)
    }
    child.on('message', listen)
  })
}

/** Bytes at most so far. */
function peakResident(pid) {
  return Number(/^VmHWM:\s+(\d+) kB$/m.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))[1]) * 1024
}

function processorTime(pid) {
  const fields = readFileSync(`/proc/${pid}/stat`, 'utf8')
    .replace(/^.*\) /s, '')
    .split(' ')
  return (Number(fields[11]) + Number(fields[12])) / 100
}
