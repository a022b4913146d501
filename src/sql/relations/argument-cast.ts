import { MillraceError } from '../../errors.ts'
import type { Dialect } from '../dialects.ts'
import { loadPolyglot } from '../polyglot.ts'
import { targetType } from '../translation/casts.ts'
import { engineType } from '../translation/conversion-sql.ts'

/** SQL of the engine that casts the argument of a macro to a type of its dialect. It stands wherever the macro names it, so it is short. */
export async function argumentCast(type: string, sql: string, dialect: Dialect): Promise<string> {
  if (dialect === 'duckdb') return `cast(${sql} as ${type})`
  const sdk = await loadPolyglot()
  const titles = { snowflake: sdk.Dialect.Snowflake, athena: sdk.Dialect.Athena, trino: sdk.Dialect.Trino } as const
  const { dataType } = sdk.parseDataType(type, titles[dialect])
  if (dataType === undefined)
    throw new MillraceError('SQL_REFUSED', `The type ${type} cannot be read. Take another one.`)
  if (dialect !== 'snowflake')
    return `cast(${sql} as ${sdk.generateDataType(dataType, sdk.Dialect.DuckDB).sql ?? type})`
  const target = targetType(dataType, { sdk, dialect })
  if (target.form === 'integer') return `logs.snowflake_whole(${sql})`
  const cast = `cast(${sql} as ${engineType(target)})`
  return target.form === 'text' && target.most !== undefined
    ? `logs.snowflake_text_within(${cast}, ${target.most})`
    : cast
}
