// The published tiles' questions to ClickHouse, one after the other on all cores, in a fresh process.
import { openSession, settingsClause } from '../clickhouse.mjs'
import { answer, options, timed } from './timed.mjs'

const session = openSession(options.folder)
const { result, measured } = await timed(async () => {
  const answers = []
  for (const sql of options.questions) {
    const asked = await session.queryAsync(`${sql} ${settingsClause({ max_threads: options.threads })}`, {
      format: 'JSON',
    })
    answers.push(asked.json().data.map((row) => Object.values(row).map(String)))
  }
  return answers
})
session.close()
answer({ ...measured, answers: result })
