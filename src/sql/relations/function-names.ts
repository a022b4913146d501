import type { DuckDBConnection } from '@duckdb/node-api'
import type { CatalogObject } from '../../catalog/objects.ts'
import { dialectRules } from '../dialect-rules.ts'
import { failed } from '../execution/failure.ts'
import { engineName, shownName } from '../execution/names.ts'
import { isConversion } from '../translation/casts.ts'

/** Refuses a function that would be taken for one of the engine, of Millrace or of the dialect: what they mean must stay. */
export async function refuseFunctionName(connection: DuckDBConnection, object: CatalogObject): Promise<void> {
  const name = engineName(object.name).toLowerCase()
  const reader = await connection.runAndReadAll(
    `select exists (from duckdb_functions() where lower(function_name) = $1 and (internal or schema_name = 'logs'))
       or exists (from duckdb_keywords() where keyword_name = $1 and keyword_category <> 'unreserved')`,
    [name],
  )
  const { same, rewritten } = dialectRules.snowflake
  const isDialects = same.has(name) || Object.hasOwn(rewritten, name) || name === 'parse_ip' || isConversion(name)
  if (reader.getRows()[0]?.[0] !== true && !isDialects) return
  throw failed(
    `FUNCTION ${shownName(object)} would have the name of a function that is there already; take another name`,
  )
}
