// Opens a lake and looks up a listing in its history, as loading does: first in a fresh process, then again.
import { fromLibrary } from '../library.mjs'
import { knownNumbers, objectNumbered } from './history-objects.mjs'
import { answer, askRepeatedly, options } from './timed.mjs'

const { openLake } = await fromLibrary('index.js')
const { lookUpHistory } = await fromLibrary('loading/history.js')
const { lakeFiles } = await fromLibrary('lake/files.js')
const known = knownNumbers(options.objects, options.keys / 2)
const unknown = known.map((_, index) => options.objects + index)
// Known and new ones in turn.
const listing = known.flatMap((n, index) => [n, unknown[index]]).map(objectNumbered)

const opening = performance.now()
const lake = await openLake(options.lake, { create: false })
const openedSeconds = (performance.now() - opening) / 1000
// Private to the types, not to a benchmark: loading looks up on the writer's connection.
const { writer } = lake.opened
const { spool } = lakeFiles(options.lake)

const { firstSeconds, seconds: againSeconds, cpuSeconds, peakRss } = await askRepeatedly(lookUp)
await lake.close()
answer({ seconds: firstSeconds, againSeconds, cpuSeconds, peakRss, openedSeconds })

async function lookUp() {
  const found = await writer.exclusive((connection) => lookUpHistory(connection, spool, listing, undefined))
  const entries = [...found.values()].flat()
  if (entries.length !== options.known || !entries.every((entry) => entry.isSameVersion && entry.status === 'loaded')) {
    throw new Error(`History knows ${entries.length} of the objects; it should know ${options.known}.`)
  }
}
