// Inserts a folder of flow logs into a new MergeTree table on disk: the time of the INSERT.
import { insertStatement, openSession, tableStatement } from '../clickhouse.mjs'
import { bytesIn } from '../measure.mjs'
import { answer, options, timed } from './timed.mjs'

const session = openSession(options.store)
await session.queryAsync(tableStatement(options.fields))
const { measured } = await timed(() => session.queryAsync(insertStatement(options.fields, options)))
if (options.merge) await session.queryAsync('optimize table vpc_flow_logs final')
const rows = Number(session.query('select count() from vpc_flow_logs', 'CSV'))
session.close()
answer({ ...measured, stored: { rows }, bytesOnDisk: bytesIn(options.store) })
