import { failed } from '../execution/failure.ts'
import type { FileFormat } from '../statement/file-format.ts'
import type { CsvValues, JsonValues, ParquetValues } from '../statement/file-format-options.ts'
import { type Given, optionName } from '../statement/options.ts'

/** How text is compressed. */
export type TextCompression = 'none' | 'gzip' | 'brotli' | 'deflate' | 'raw-deflate'

/** How fields stand in a line. */
export interface CsvForm {
  readonly delimiter: string
  /** What is put around texts. */
  readonly enclosure: string | undefined
  /** What is put before signs that mean something else, in fields with nothing around them. */
  readonly escape: string | undefined
  /** The same in fields with something around them; without it the enclosure is doubled. */
  readonly enclosedEscape: string | undefined
  readonly nullText: string
  readonly binary: 'HEX' | 'BASE64' | 'UTF8'
}

/** How rows become files. */
export type Writing =
  | {
      readonly form: 'csv'
      readonly csv: CsvForm
      readonly newline: string
      readonly compression: TextCompression
      readonly extension: string
    }
  | {
      readonly form: 'json'
      readonly newline: string
      readonly compression: TextCompression
      readonly extension: string
    }
  | {
      readonly form: 'parquet'
      readonly codec: 'snappy' | 'gzip' | 'zstd' | 'uncompressed'
      readonly extension: string
    }

/** What a file format means for writing: Snowflake's manual, COPY INTO <location>, "Format type options". Refuses what cannot be written so. */
export function writingOf(format: FileFormat): Writing {
  switch (format.type) {
    case 'CSV':
      return csvWriting(format.options)
    case 'JSON':
      return jsonWriting(format.options)
    case 'PARQUET':
      return parquetWriting(format.options)
    case 'VPC_FLOW_LOGS':
    case 'TGW_FLOW_LOGS':
    case 'S3_ACCESS_LOGS':
    case 'WEB_ACCESS_LOGS':
      throw failed(
        `COPY INTO a stage writes CSV, JSON or PARQUET, not ${format.type}; say FILE_FORMAT = (TYPE = PARQUET)`,
      )
  }
}

const newlines: ReadonlySet<string> = new Set(['\n', '\r\n'])

function csvWriting(options: Given<CsvValues>): Writing {
  refuseTimes(options)
  const { binaryFormat = 'HEX', encoding = 'UTF8', nullIf } = options
  const newline = signs(options.recordDelimiter, '\n')
  const enclosedEscape = signs(options.escape, undefined)
  if (newline === undefined || !newlines.has(newline))
    throw refused('RECORD_DELIMITER', options.recordDelimiter ?? null, String.raw`'\n' or '\r\n'`)
  if (!/^utf-?8$/i.test(encoding)) throw refused('ENCODING', encoding, 'UTF8')
  const { compression, suffix } = textCompression(options.compression)
  return {
    form: 'csv',
    csv: {
      delimiter: signs(options.fieldDelimiter, ',') ?? '',
      enclosure: signs(options.fieldOptionallyEnclosedBy, undefined),
      escape: enclosedEscape ?? signs(options.escapeUnenclosedField, '\\'),
      enclosedEscape,
      nullText: nullIf === undefined ? String.raw`\N` : (nullIf[0] ?? ''),
      binary: binaryFormat === 'UTF-8' ? 'UTF8' : binaryFormat,
    },
    newline,
    compression,
    extension: extensionOf(options.fileExtension, `.csv${suffix}`),
  }
}

const named: Readonly<Record<string, string>> = { n: '\n', r: '\r', t: '\t', f: '\f', b: '\b' }

/** A delimiter; Snowflake also takes one that is written in letters: `\t`, `\x7c`, `0x7c`, `\174`. Undefined for none. */
function signs(given: string | null | undefined, usual: string | undefined): string | undefined {
  if (given === undefined) return usual
  if (given === null || given === '') return undefined
  return given
    .replaceAll(/(?:\\x|0x)([\da-f]{2})|\\([0-3][0-7]{2})/gi, (_, hex?: string, octal?: string) =>
      String.fromCodePoint(Number.parseInt(hex ?? octal ?? '', hex === undefined ? 8 : 16)),
    )
    .replaceAll(/\\(.)/gs, (_, sign: string) => named[sign] ?? sign)
}

function jsonWriting(options: Given<JsonValues>): Writing {
  refuseTimes(options)
  const { compression, suffix } = textCompression(options.compression)
  const extension = extensionOf(options.fileExtension, `.json${suffix}`)
  return { form: 'json', newline: '\n', compression, extension }
}

function parquetWriting({ compression = 'AUTO', snappyCompression }: Given<ParquetValues>): Writing {
  const isPlain = compression === 'NONE' || (compression === 'AUTO' && snappyCompression === false)
  if (isPlain) return { form: 'parquet', codec: 'uncompressed', extension: '.parquet' }
  if (compression === 'LZO') throw refused('COMPRESSION', compression, 'SNAPPY, GZIP, ZSTD or NONE')
  const codec = compression === 'GZIP' ? 'gzip' : compression === 'ZSTD' ? 'zstd' : 'snappy'
  return { form: 'parquet', codec, extension: `.${codec}.parquet` }
}

function textCompression(given: CsvValues['compression'] = 'AUTO'): { compression: TextCompression; suffix: string } {
  switch (given) {
    case 'AUTO':
    case 'GZIP':
      return { compression: 'gzip', suffix: '.gz' }
    case 'NONE':
      return { compression: 'none', suffix: '' }
    case 'BROTLI':
      return { compression: 'brotli', suffix: '.br' }
    case 'DEFLATE':
      return { compression: 'deflate', suffix: '.deflate' }
    case 'RAW_DEFLATE':
      return { compression: 'raw-deflate', suffix: '.raw_deflate' }
    case 'BZ2':
    case 'ZSTD':
      throw refused('COMPRESSION', given, 'GZIP, BROTLI, DEFLATE, RAW_DEFLATE or NONE')
  }
}

function refuseTimes(options: Given<Pick<CsvValues, 'dateFormat' | 'timeFormat' | 'timestampFormat'>>): void {
  for (const key of ['dateFormat', 'timeFormat', 'timestampFormat'] as const) {
    const format = options[key]
    if (format !== undefined && format !== 'AUTO')
      throw refused(optionName(key), format, 'AUTO, and select the text that you want')
  }
}

function extensionOf(given: string | undefined, usual: string): string {
  return given === undefined || given === '' ? usual : `.${given.replace(/^\./, '')}`
}

function refused(option: string, value: string | null, way: string): Error {
  return failed(`COPY INTO a stage does not write with ${option} = ${JSON.stringify(value ?? 'NONE')}; take ${way}`)
}
