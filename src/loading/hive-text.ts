import { literal } from '../engines/duckdb.ts'

/** SQL that gives text as a value of one of the engine's types, by the rules of Hive's LazySimpleSerDe; NULL where it is none. */
export function fromHiveText(type: string, text: string): string {
  const matching = (pattern: string): string =>
    `case when regexp_full_match(${text}, ${literal(pattern)}) then ${text} end`
  switch (type) {
    case 'tinyint':
    case 'smallint':
    case 'integer':
    case 'bigint':
      return `try_cast(${matching(String.raw`[+-]?\d+`)} as ${type})`
    case 'float':
    case 'double':
      return `try_cast(${matching(String.raw`[+-]?(\d+\.?\d*|\.\d+)([eE][+-]?\d+)?|NaN|[+-]?Infinity`)} as ${type})`
    case 'boolean':
      return `case lower(${text}) when 'true' then true when 'false' then false end`
    case 'date':
      return `try_cast(${matching(String.raw`\d{4}-\d{1,2}-\d{1,2}`)} as date)`
    case 'timestamp':
      return `try_cast(${matching(String.raw`\d{4}-\d{1,2}-\d{1,2}[ T]\d{1,2}:\d{1,2}:\d{1,2}(\.\d{1,9})?`)} as timestamp)`
    case 'blob':
      return `try(from_base64(${text}))`
    default:
      return `try_cast(${matching(String.raw`[+-]?(\d+\.?\d*|\.\d+)`)} as ${type})`
  }
}
