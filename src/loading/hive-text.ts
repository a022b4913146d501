import { literal } from '../engines/duckdb.ts'

/** SQL that gives text as a value of one of the engine's types, by the rules of Hive's LazySimpleSerDe; NULL where it is none. */
export function fromHiveText(type: string, text: string): string {
  const matching = (pattern: string): string =>
    `case when regexp_full_match(${text}, ${literal(pattern)}) then ${text} end`
  const trimmed = (pattern: string): string =>
    `case when regexp_full_match(trim(${text}), ${literal(pattern)}) then trim(${text}) end`
  switch (type) {
    case 'tinyint':
    case 'smallint':
    case 'integer':
    case 'bigint':
      // What stands behind a decimal point is left out; nothing before it is zero.
      return `case when regexp_full_match(${text}, ${literal(String.raw`[+-]?\.\d+`)}) then 0::${type}
        else try_cast(regexp_extract(${text}, ${literal(String.raw`^([+-]?\d+)(\.\d*)?$`)}, 1) as ${type}) end`
    case 'float':
    case 'double':
      return `try_cast(${trimmed(String.raw`[+-]?(\d+\.?\d*|\.\d+)([eE][+-]?\d+)?|NaN|[+-]?Infinity`)} as ${type})`
    case 'boolean':
      return `case lower(${text}) when 'true' then true when 'false' then false end`
    case 'date':
      return lenientDate(text)
    case 'timestamp':
      return `try_cast(${matching(String.raw`\d{4}-\d{1,2}-\d{1,2}[ T]\d{1,2}:\d{1,2}:\d{1,2}(\.\d{1,9})?`)} as timestamp)`
    case 'blob':
      return `try(from_base64(${text}))`
    default:
      return `try_cast(${matching(String.raw`[+-]?(\d+\.?\d*|\.\d+)`)} as ${type})`
  }
}

/** A date up to a blank; 31 February is 3 March. */
function lenientDate(text: string): string {
  const part = (group: number): string =>
    `try_cast(regexp_extract(${text}, ${literal(String.raw`^0*(\d{1,4})-(\d{1,2})-(\d{1,2})( .*)?$`)}, ${group}) as integer)`
  return `(make_date(${part(1)}, 1, 1) + to_months(${part(2)} - 1) + to_days(${part(3)} - 1))::date`
}
