// Loads a folder of Parquet flow logs into a table of a script, then asks who sent most: into one VARIANT column, or into typed columns by their names.
import { fromLibrary } from '../library.mjs'
import { answer, askRepeatedly, options, timed } from './timed.mjs'

const { openLake } = await fromLibrary('index.js')
const { lake: directory, source, isVariant, columns } = options
const lake = await openLake(directory)
const table = isVariant ? 'record variant' : columns.map(({ name, type }) => `"${name}" ${type}`).join(', ')
const byName = isVariant ? '' : 'match_by_column_name = case_sensitive'
await run(`create stage s url = 'file://${source}/'; create table t (${table})`)
const loaded = await timed(() => run(`copy into t from @s ${byName} file_format = (type = parquet)`))
const [dstaddr, bytes] = isVariant ? ['record:dstaddr::varchar', 'record:bytes::integer'] : ['dstaddr', 'bytes']
const sql = `select ${dstaddr} as address, sum(${bytes}) as total from t group by 1 order by total desc, address limit 10`
const asked = await askRepeatedly(async () => (await lake.query(sql, { dialect: 'snowflake' })).all())
const [{ n }] = await (await lake.query('select count(*) as n from t')).all()
await lake.close()
answer({ ...loaded.measured, query: asked, rows: Number(n) })

async function run(script) {
  for await (const _ of lake.run(script, { dialect: 'snowflake' }));
}
