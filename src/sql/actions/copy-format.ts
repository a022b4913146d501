import type { CopyFormat } from '../../loading/copy-target.ts'
import type { DeclaredPacking } from '../../loading/file-bytes.ts'
import type { TextForms } from '../../loading/from-text.ts'
import { failed } from '../execution/failure.ts'
import type { FileFormat } from '../statement/file-format.ts'
import type { JsonValues } from '../statement/file-format-options.ts'
import type { Given } from '../statement/options.ts'
import { csvOwn } from './csv-format.ts'
import { timeFormat, timestampFormat } from './time-format.ts'

/** How files are read, and how their texts are values. */
export interface FormatReading {
  readonly format: CopyFormat
  readonly forms: TextForms
}

/** What a file format means to a load into a table of a script; undefined for those of log types. Refuses by name what is not done. */
export function formatReading({ type, options }: FileFormat): FormatReading | undefined {
  switch (type) {
    case 'PARQUET':
      return { format: { type }, forms: { binary: 'HEX' } }
    case 'JSON':
      return jsonReading(options)
    case 'CSV':
      return {
        format: { type, ...csvOwn(options), ...ofAny(options) },
        forms: formsOf(options),
      }
    case 'VPC_FLOW_LOGS':
    case 'TGW_FLOW_LOGS':
    case 'S3_ACCESS_LOGS':
    case 'WEB_ACCESS_LOGS':
      return undefined
  }
}

function jsonReading(options: Given<JsonValues>): FormatReading {
  if (options.enableOctal === true) throw failed('ENABLE_OCTAL is not known to this version; leave it out')
  return {
    format: {
      type: 'JSON',
      ...ofAny(options),
      encoding: 'utf-8',
      replacesInvalid: options.replaceInvalidCharacters === true || options.ignoreUtf8Errors === true,
      nullIf: options.nullIf ?? [],
      stripsOuterArray: options.stripOuterArray ?? false,
      stripsNulls: options.stripNullValues ?? false,
      allowsDuplicates: options.allowDuplicate ?? false,
    },
    forms: formsOf(options),
  }
}

/** What holds for text of any kind. */
function ofAny({
  compression,
  multiLine = true,
  trimSpace = false,
  skipByteOrderMark = true,
}: Pick<Given<JsonValues>, 'compression' | 'multiLine' | 'trimSpace' | 'skipByteOrderMark'>) {
  return { packing: packingOf(compression), multiLine, trims: trimSpace, skipsMark: skipByteOrderMark }
}

type Compression = NonNullable<Given<JsonValues>['compression']>

const packings: Readonly<Record<Exclude<Compression, 'AUTO' | 'BZ2'>, DeclaredPacking>> = {
  GZIP: 'gzip',
  ZSTD: 'zstd',
  BROTLI: 'brotli',
  DEFLATE: 'deflate',
  RAW_DEFLATE: 'raw-deflate',
  NONE: 'plain',
}

function packingOf(compression: Compression = 'AUTO'): DeclaredPacking | undefined {
  if (compression === 'BZ2')
    throw failed('COMPRESSION = BZ2 is not read by this version; pack the files with gzip or zstd')
  return compression === 'AUTO' ? undefined : packings[compression]
}

/** How dates, times and bytes are written. */
function formsOf({
  dateFormat,
  timeFormat: time,
  timestampFormat: timestamp,
  binaryFormat = 'HEX',
}: Pick<Given<JsonValues>, 'dateFormat' | 'timeFormat' | 'timestampFormat' | 'binaryFormat'>): TextForms {
  return {
    date: timeFormat('DATE_FORMAT', dateFormat),
    time: timeFormat('TIME_FORMAT', time),
    timestamp: timestampFormat('TIMESTAMP_FORMAT', timestamp),
    binary: binaryFormat === 'UTF-8' ? 'UTF8' : binaryFormat,
  }
}
