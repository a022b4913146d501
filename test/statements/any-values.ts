import * as fc from 'fast-check'
import type { Column } from '../../src/sql/statement/columns.ts'
import type { FileFormat, FileFormatReference } from '../../src/sql/statement/file-format.ts'
import type {
  CsvValues,
  FlowLogValues,
  JsonValues,
  ParquetValues,
} from '../../src/sql/statement/file-format-options.ts'
import { printLiteral } from '../../src/sql/statement/literal.ts'
import type { Creation } from '../../src/sql/statement/create.ts'
import type { NamePart, ObjectName } from '../../src/sql/statement/name.ts'
import type { Given } from '../../src/sql/statement/options.ts'
import type { Body } from '../../src/sql/statement/reader.ts'
import type { StageLocation } from '../../src/sql/statement/stage-location.ts'

/** An arbitrary for each option; leaving one out does not compile. */
export type EachOption<V> = { readonly [K in keyof V]-?: fc.Arbitrary<V[K]> }

/** Some options of a table. */
export function given<V extends object>(each: EachOption<V>): fc.Arbitrary<Given<V>> {
  let some: fc.Arbitrary<Given<V>> = fc.constant({})
  for (const key in each) some = withOption(some, key, each[key])
  return some
}

function withOption<V extends object, K extends keyof V>(
  some: fc.Arbitrary<Given<V>>,
  key: K,
  option: fc.Arbitrary<V[K]>,
): fc.Arbitrary<Given<V>> {
  return fc.tuple(some, fc.option(option.map((value) => ({ value })))).map(([before, added]) => {
    const values: { -readonly [P in keyof V]?: V[P] } = { ...before }
    if (added !== null) values[key] = added.value
    return values
  })
}

const oddities = [
  "'",
  "''",
  '\\',
  '\n',
  '\r\n',
  '\t',
  '\0',
  '$$',
  '$',
  '--',
  '//',
  '/*',
  ';',
  '<X>',
  '${Y}',
  '&z',
  '"',
  '()',
  'ü',
  '🙂',
]

export const anyText = fc
  .array(fc.oneof(fc.string({ unit: 'binary', maxLength: 6 }), fc.constantFrom(...oddities)), { maxLength: 4 })
  .map((parts) => parts.join(''))

const filled = anyText.filter((text) => text !== '')
const plainWord = fc.stringMatching(/^[A-Za-z_][A-Za-z0-9_]{0,6}(\$[A-Z]{1,3})?$/).map((word) => `x_${word}`)

export const anyPart: fc.Arbitrary<NamePart> = fc.oneof(
  plainWord.map((text) => ({ text, quoted: false })),
  filled.map((text) => ({ text, quoted: true })),
)

export const anyName: fc.Arbitrary<ObjectName> = fc.array(anyPart, { minLength: 1, maxLength: 3 })

export const anyLocation: fc.Arbitrary<StageLocation> = fc.record({
  stage: anyName,
  path: fc.oneof(fc.constantFrom('', 'AWSLogs/123456789012/', 'a//b', '*.gz', "it's"), anyText),
})

const place = { offset: 0, line: 1, column: 1 }
export const bodyOf = (text: string): Body => ({ text, place })

export const anyBody: fc.Arbitrary<Body> = fc
  .oneof(
    fc.constantFrom(
      'select 1',
      'select (1 + (2)) as "a b" -- why\n, 3',
      'insert into t (select * from s where metadata$action = $$INSERT$$)',
    ),
    anyText.map((text) => `select ${printLiteral(text)} /* ; */, "x"`),
  )
  .map(bodyOf)

export const anyCondition: fc.Arbitrary<Body> = fc
  .constantFrom("system$stream_has_data('s')", "cast(system$stream_has_data('s') as boolean) and not (1 = 2)")
  .map(bodyOf)

export const anyType = fc.constantFrom(
  'VARCHAR',
  'VARCHAR(16)',
  'NUMBER(38, 0)',
  'DOUBLE PRECISION',
  'CHAR VARYING(3)',
  'TIMESTAMP_NTZ(9)',
  'TIMESTAMP(3) WITH TIME ZONE',
  'TIME WITHOUT TIME ZONE',
  'ARRAY(VARCHAR(3) NOT NULL)',
  'MAP(VARCHAR, DOUBLE PRECISION)',
  'OBJECT(a NUMBER(3, 0) NOT NULL, b ARRAY(TIMESTAMP WITH TIME ZONE))',
  'VECTOR(FLOAT, 3)',
  'VARIANT',
)

export const anyColumn: fc.Arbitrary<Column> = fc.record({ name: anyPart, type: anyType })

export const anyTexts = fc.array(anyText, { maxLength: 3 })
const textOrNone = fc.option(
  anyText.filter((text) => text.toUpperCase() !== 'NONE'),
  { nil: null },
)
const textOrAuto = fc.oneof(
  fc.constant('AUTO'),
  anyText.filter((text) => text.toUpperCase() !== 'AUTO'),
)
export const anyCount = fc.nat({ max: 100_000 })

const compression = fc.constantFrom('AUTO', 'GZIP', 'BZ2', 'BROTLI', 'ZSTD', 'DEFLATE', 'RAW_DEFLATE', 'NONE')
const times = {
  dateFormat: textOrAuto,
  timeFormat: textOrAuto,
  timestampFormat: textOrAuto,
  binaryFormat: fc.constantFrom('HEX', 'BASE64', 'UTF8', 'UTF-8'),
}

export const eachCsv: EachOption<CsvValues> = {
  compression,
  recordDelimiter: textOrNone,
  fieldDelimiter: textOrNone,
  multiLine: fc.boolean(),
  fileExtension: anyText,
  parseHeader: fc.boolean(),
  skipHeader: anyCount,
  skipBlankLines: fc.boolean(),
  ...times,
  escape: textOrNone,
  escapeUnenclosedField: textOrNone,
  trimSpace: fc.boolean(),
  fieldOptionallyEnclosedBy: textOrNone,
  nullIf: anyTexts,
  errorOnColumnCountMismatch: fc.boolean(),
  replaceInvalidCharacters: fc.boolean(),
  validateUtf8: fc.boolean(),
  emptyFieldAsNull: fc.boolean(),
  skipByteOrderMark: fc.boolean(),
  encoding: fc.oneof(
    fc.constant('UTF8'),
    anyText.filter((text) => text.toUpperCase() !== 'UTF8'),
  ),
}

export const eachJson: EachOption<JsonValues> = {
  compression,
  ...times,
  trimSpace: fc.boolean(),
  multiLine: fc.boolean(),
  nullIf: anyTexts,
  fileExtension: anyText,
  enableOctal: fc.boolean(),
  allowDuplicate: fc.boolean(),
  stripOuterArray: fc.boolean(),
  stripNullValues: fc.boolean(),
  replaceInvalidCharacters: fc.boolean(),
  ignoreUtf8Errors: fc.boolean(),
  skipByteOrderMark: fc.boolean(),
}

export const eachParquet: EachOption<ParquetValues> = {
  compression: fc.constantFrom('AUTO', 'LZO', 'SNAPPY', 'GZIP', 'ZSTD', 'NONE'),
  snappyCompression: fc.boolean(),
  binaryAsText: fc.boolean(),
  useLogicalType: fc.boolean(),
  trimSpace: fc.boolean(),
  useVectorizedScanner: fc.boolean(),
  replaceInvalidCharacters: fc.boolean(),
  nullIf: anyTexts,
}

export const eachFlowLog: EachOption<FlowLogValues> = { logFormat: anyText }

export const anyFormat: fc.Arbitrary<FileFormat> = fc.oneof(
  fc.record({ type: fc.constant('CSV'), options: given(eachCsv) }),
  fc.record({ type: fc.constant('JSON'), options: given(eachJson) }),
  fc.record({ type: fc.constant('PARQUET'), options: given(eachParquet) }),
  fc.record({ type: fc.constantFrom('VPC_FLOW_LOGS', 'TGW_FLOW_LOGS'), options: given(eachFlowLog) }),
  fc.record({ type: fc.constantFrom('S3_ACCESS_LOGS', 'WEB_ACCESS_LOGS'), options: fc.constant({}) }),
)

export const anyFormatReference: fc.Arbitrary<FileFormatReference> = fc.oneof(
  fc.record({ form: fc.constant('named'), name: anyName }),
  fc.record({ form: fc.constant('inline'), format: anyFormat }),
)

export const list = <T>(one: fc.Arbitrary<T>, minLength = 0): fc.Arbitrary<T[]> =>
  fc.array(one, { minLength, maxLength: 3 })
export const kind = <K extends string>(word: K): fc.Arbitrary<K> => fc.constant(word)
export const bool = fc.boolean()

/** A record, some of whose fields may be absent. */
export const withOptional = <T extends object, O extends object>(
  needed: { readonly [K in keyof T]: fc.Arbitrary<T[K]> },
  optional: EachOption<O>,
): fc.Arbitrary<T & { readonly [K in keyof O]?: O[K] }> =>
  fc.tuple(fc.record<T>(needed), given(optional)).map(([one, other]) => ({ ...one, ...other }))

export const creation: { readonly [K in keyof Creation]: fc.Arbitrary<Creation[K]> } = {
  orReplace: fc.constant(false),
  ifNotExists: fc.boolean(),
  name: anyName,
}
