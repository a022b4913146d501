/** The engine's type for a column of a script, by the first word of the type (Snowflake's manual, "Summary of data types"). */
const engineTypes: Readonly<Record<string, string>> = {
  // Whole numbers of Snowflake have 38 digits; beyond 64 bits a value is an error here, never another number.
  ...named('bigint', 'INT INTEGER BIGINT SMALLINT TINYINT BYTEINT'),
  ...named('double', 'FLOAT FLOAT4 FLOAT8 DOUBLE REAL'),
  ...named('varchar', 'VARCHAR CHAR CHARACTER NCHAR STRING TEXT NVARCHAR NVARCHAR2'),
  ...named('boolean', 'BOOLEAN BOOL'),
  ...named('date', 'DATE'),
  ...named('time', 'TIME'),
  ...named('timestamp', 'TIMESTAMP TIMESTAMP_NTZ TIMESTAMPNTZ DATETIME'),
  ...named('timestamptz', 'TIMESTAMP_TZ TIMESTAMPTZ TIMESTAMP_LTZ TIMESTAMPLTZ'),
  ...named('blob', 'BINARY VARBINARY BLOB'),
  ...named('hugeint', 'HUGEINT'),
  ...named('json', 'ARRAY OBJECT JSON'),
}

function named(type: string, words: string): Record<string, string> {
  return Object.fromEntries(words.split(' ').map((word) => [word, type]))
}

/** Whether a column holds a value of any type. */
export function isVariant(type: string): boolean {
  return type === 'VARIANT'
}

/** The engine's type for a column's, as canonical text (`NUMBER(10, 2)`); undefined where there is none. VARIANT has none of its own. */
export function engineType(type: string): string | undefined {
  if (/ WITH (LOCAL )?TIME ZONE$/.test(type)) return 'timestamptz'
  const [, word = '', parameters] = /^(\w+)(?:\(([\d, ]*)\))?/.exec(type) ?? []
  if (['NUMBER', 'DECIMAL', 'NUMERIC', 'DEC'].includes(word)) return decimalType(parameters)
  return Object.hasOwn(engineTypes, word) ? engineTypes[word] : undefined
}

/** The characters that a text column takes at most, where its type says it; CHAR alone takes one. */
export function lengthLimit(type: string): number | undefined {
  const [, word = '', varying, digits] = /^(\w+)( VARYING)?(?:\((\d+)\))?$/.exec(type) ?? []
  if (engineTypes[word] !== 'varchar') return undefined
  if (digits !== undefined) return Number(digits)
  return /^N?CHAR(ACTER)?$/.test(word) && varying === undefined ? 1 : undefined
}

/** NUMBER is NUMBER(38, 0). */
function decimalType(parameters: string | undefined): string | undefined {
  const [precision = 38, scale = 0] = (parameters ?? '38, 0').split(',').map(Number)
  if (!(precision >= 1 && precision <= 38 && scale >= 0 && scale <= precision)) return undefined
  return scale === 0 && precision >= 18 ? 'bigint' : `decimal(${precision}, ${scale})`
}
