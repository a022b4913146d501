// Makes a lake whose load history holds as many objects as wanted. The catalog is closed to SQL from outside, so the database is
// filled before the lake opens it. Only objects that will be looked up have the hashes of their names; the others have random ones,
// which is what SHA-256 looks like.
import { DuckDBInstance } from '@duckdb/node-api'
import { createHash } from 'node:crypto'
import { fromLibrary } from '../library.mjs'
import { knownNumbers, objectNumbered, uriSql, versionSql } from './history-objects.mjs'
import { answer, options } from './timed.mjs'

/** A random BIGINT: 2^64 random values, less 2^63. */
const randomHash =
  '(floor(random() * 4294967296)::hugeint * 4294967296 + floor(random() * 4294967296)::hugeint - 9223372036854775808)::bigint'

const { openLake } = await fromLibrary('index.js')
const { lakeFiles } = await fromLibrary('lake/files.js')
const lake = await openLake(options.lake)
await lake.close()

if (options.objects > 0) {
  const instance = await DuckDBInstance.create(lakeFiles(options.lake).database, {
    storage_compatibility_version: 'latest',
    preserve_insertion_order: 'false',
  })
  const connection = await instance.connect()
  await connection.run('select setseed(0.5)')
  await connection.run('create temporary table known (n bigint, object_hash bigint, version_hash bigint)')
  const tuples = knownNumbers(options.objects, options.known).map((n) => {
    const { uri, version } = objectNumbered(n)
    return `(${n}, ${hash64(uri)}, ${hash64(`${uri}\0${version}`)})`
  })
  await connection.run(`insert into known values ${tuples.join(', ')}`)
  await connection.run(`
    insert into lake.objects by name
    select (n + 1)::integer as file_id, 'vpc_flow_logs' as table_name, ${uriSql} as uri, ${versionSql} as version,
      coalesce(object_hash, ${randomHash}) as object_hash, coalesce(version_hash, ${randomHash}) as version_hash, 'loaded' as status,
      n // 50 + 1 as load_id, 1001 + n % 1000 as lines, 1000 + n % 1000 as "rows", 0 as rejects, 1 as skipped, 40000 + n as bytes,
      timestamp '2026-11-01 00:00:00' + to_seconds(n // 50) as loaded_at
    from (select range as n from range(${options.objects})) left join known using (n)`)
  await connection.run('checkpoint')
  connection.closeSync()
  instance.closeSync()
}
answer({})

/** 64 bits of SHA-256, as src/loading/history.ts takes them. */
function hash64(text) {
  return createHash('sha256').update(text).digest().readBigInt64LE(0)
}
