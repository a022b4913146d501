// Asks a lake one question: once in a fresh process, then several times more, of which the median counts.
import { fromLibrary } from '../library.mjs'
import { answer, askRepeatedly, options } from './timed.mjs'

const { openLake } = await fromLibrary('index.js')
const lake = await openLake(options.folder, { create: false })
const asked = await askRepeatedly(async () => {
  const result = await lake.query(options.sql)
  return result.all()
})
await lake.close()
answer(JSON.parse(JSON.stringify(asked, (_, value) => (typeof value === 'bigint' ? String(value) : value))))
