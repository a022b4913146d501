import type { DeclaredPacking } from '../file-bytes.ts'

/** What holds for text of any kind. Formats are plain data: they go to worker threads. */
export interface TextOptions {
  /** Undefined where the bytes tell. */
  readonly packing: DeclaredPacking | undefined
  /** A label of the WHATWG Encoding Standard; `latin1` is ISO-8859-1 to the letter. */
  readonly encoding: string
  /** Bytes that are no text become U+FFFD; else their record is rejected. */
  readonly replacesInvalid: boolean
  /** Whether a byte-order mark is passed over. */
  readonly skipsMark: boolean
  /** Whether a record may go over several lines. */
  readonly multiLine: boolean
  /** Whether blanks around a value are no part of it. */
  readonly trims: boolean
  /** Texts that stand for NULL. */
  readonly nullIf: readonly string[]
}

/** JSON: values one behind the other, with blanks, line ends or commas between them. */
export interface JsonFormat extends TextOptions {
  readonly type: 'JSON'
  /** Whether the elements of an outermost array are the values. */
  readonly stripsOuterArray: boolean
  readonly stripsNulls: boolean
  /** Whether the last one counts of keys that are the same; else the record is rejected. */
  readonly allowsDuplicates: boolean
}

/** How records become columns. */
export interface RecordLayout {
  /** `record`: the whole of it into one column of type VARIANT. */
  readonly match: 'case-sensitive' | 'case-insensitive' | 'record'
  readonly columns: readonly LaidOutColumn[]
  /** Keys of a VARIANT's records that have columns of their own in the spool. */
  readonly maxKeys: number
}

/** A column that records fill: `record` for VARIANT, `json` where texts keep their quotes. */
export interface LaidOutColumn {
  readonly name: string
  readonly as: 'text' | 'json' | 'record'
  /** Whether it is told which records have it at all: a VARIANT's members, or a default, hang on that. */
  readonly tellsGiven: boolean
}

/** How a worker reads files into a table of a script. */
export interface TextReading {
  /** As history names the table. */
  readonly table: string
  readonly format: JsonFormat
  readonly layout: RecordLayout
  /** Whether the engine may find records that are rejects. */
  readonly keepsRaw: boolean
}
