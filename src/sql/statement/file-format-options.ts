import { boolean, choice, integer, text, textOrNone, textOrWord, texts } from './option-values.ts'
import { type ValuesOf, optionTable } from './options.ts'

const compressions = ['AUTO', 'GZIP', 'BZ2', 'BROTLI', 'ZSTD', 'DEFLATE', 'RAW_DEFLATE', 'NONE'] as const

const times = {
  dateFormat: textOrWord('AUTO'),
  timeFormat: textOrWord('AUTO'),
  timestampFormat: textOrWord('AUTO'),
  binaryFormat: choice(['HEX', 'BASE64', 'UTF8', 'UTF-8'] as const),
}

/** Snowflake's manual, CREATE FILE FORMAT, `TYPE = CSV`. */
export const csvOptions = optionTable({
  compression: choice(compressions),
  recordDelimiter: textOrNone,
  fieldDelimiter: textOrNone,
  multiLine: boolean,
  fileExtension: text,
  parseHeader: boolean,
  skipHeader: integer(),
  skipBlankLines: boolean,
  ...times,
  escape: textOrNone,
  escapeUnenclosedField: textOrNone,
  trimSpace: boolean,
  fieldOptionallyEnclosedBy: textOrNone,
  nullIf: texts(),
  errorOnColumnCountMismatch: boolean,
  replaceInvalidCharacters: boolean,
  validateUtf8: boolean,
  emptyFieldAsNull: boolean,
  skipByteOrderMark: boolean,
  encoding: textOrWord('UTF8'),
})

/** The same, `TYPE = JSON`. */
export const jsonOptions = optionTable({
  compression: choice(compressions),
  ...times,
  trimSpace: boolean,
  multiLine: boolean,
  nullIf: texts(),
  fileExtension: text,
  enableOctal: boolean,
  allowDuplicate: boolean,
  stripOuterArray: boolean,
  stripNullValues: boolean,
  replaceInvalidCharacters: boolean,
  ignoreUtf8Errors: boolean,
  skipByteOrderMark: boolean,
})

/** The same, `TYPE = PARQUET`. */
export const parquetOptions = optionTable({
  compression: choice(['AUTO', 'LZO', 'SNAPPY', 'GZIP', 'ZSTD', 'NONE']),
  snappyCompression: boolean,
  binaryAsText: boolean,
  useLogicalType: boolean,
  trimSpace: boolean,
  useVectorizedScanner: boolean,
  replaceInvalidCharacters: boolean,
  nullIf: texts(),
})

/** Flow logs: the fields of a record where no header line says them, with blanks between, also as AWS writes them: `${version} ${srcaddr}`. */
export const flowLogOptions = optionTable({ logFormat: text })

/** Access logs have one form each. */
export const accessLogOptions = optionTable<object>({})

export type CsvValues = ValuesOf<typeof csvOptions>
export type JsonValues = ValuesOf<typeof jsonOptions>
export type ParquetValues = ValuesOf<typeof parquetOptions>
export type FlowLogValues = ValuesOf<typeof flowLogOptions>
