/** A type of the engine's as Snowflake's DESC shows it. */
export function shownColumnType(type: string): string {
  const [, name = type, size = ''] = /^(\w[\w ]*?)(\(.*\))?$/s.exec(type) ?? []
  if (name === 'DECIMAL') return `NUMBER${size}`
  return names[name] ?? (name === 'STRUCT' || name === 'JSON' ? 'VARIANT' : type)
}

const whole = 'NUMBER(38,0)'

const names: Readonly<Record<string, string>> = {
  VARCHAR: 'VARCHAR(16777216)',
  TINYINT: whole,
  SMALLINT: whole,
  INTEGER: whole,
  BIGINT: whole,
  HUGEINT: whole,
  UTINYINT: whole,
  USMALLINT: whole,
  UINTEGER: whole,
  UBIGINT: whole,
  FLOAT: 'FLOAT',
  DOUBLE: 'FLOAT',
  TIMESTAMP: 'TIMESTAMP_NTZ(9)',
  'TIMESTAMP WITH TIME ZONE': 'TIMESTAMP_TZ(9)',
  BLOB: 'BINARY(8388608)',
}

const families: readonly (readonly [RegExp, string])[] = [
  [/^(VARCHAR|STRING|TEXT|CHAR|CHARACTER|NCHAR)\b/, 'VARCHAR'],
  [/^(NUMBER|DECIMAL|NUMERIC|(BIG|SMALL|TINY|BYTE)?INT|INTEGER)\b/, 'NUMBER'],
  [/^(FLOAT|DOUBLE|REAL)/, 'FLOAT'],
  [/^(TIMESTAMP|TIMESTAMP_NTZ|DATETIME)\b/, 'TIMESTAMP_NTZ'],
]

/** The types that an argument of a function is one of, whatever its size: by them functions of one name differ. */
export function argumentFamily(type: string): string {
  return families.find(([pattern]) => pattern.test(type))?.[1] ?? type
}
