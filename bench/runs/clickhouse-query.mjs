// Asks ClickHouse one question: once in a fresh process, then several times more, of which the median counts.
import { openSession, settingsClause } from '../clickhouse.mjs'
import { answer, askRepeatedly, options } from './timed.mjs'

const session = openSession(options.folder)
const asked = await askRepeatedly(async () => {
  const statement = `${options.sql} ${settingsClause({ max_threads: options.threads })}`
  const result = await session.queryAsync(statement, { format: 'JSON' })
  return result.json().data
})
session.close()
answer(asked)
