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

/** CSV: records of fields. Delimiters are of any length, the other characters of one byte each. */
export interface CsvFormat extends TextOptions {
  readonly type: 'CSV'
  /** `line`: line feeds, with or without a carriage return before them. Null: the file is one record. */
  readonly recordDelimiter: 'line' | { readonly text: string } | null
  /** Null: a record is one field. */
  readonly fieldDelimiter: string | null
  /** Lines at the beginning that are passed over. */
  readonly skipHeader: number
  /** Whether the first record names the columns. */
  readonly parsesHeader: boolean
  /** Whether lines without anything are passed over; else they are rejects. */
  readonly skipsBlankLines: boolean
  /** Where they are not, whether they are rows: of one field, without anything. */
  readonly keepsBlankLines?: boolean
  /** What a field can be enclosed in; doubled, it stands for itself. */
  readonly enclosure: string | null
  /** Takes its meaning from the character behind it. */
  readonly escape: string | null
  /** The same, in fields that are not enclosed. */
  readonly escapeUnenclosed: string | null
  /** Whether a field without anything is NULL. */
  readonly emptyIsNull: boolean
  /** Whether another number of fields than of columns makes a reject. */
  readonly checksCount: boolean
}

/** Lines that a pattern takes apart: its groups are the fields. A line that it does not match is a row without a value. */
export interface PatternFormat extends TextOptions {
  readonly type: 'PATTERN'
  readonly pattern: string
  readonly ignoresCase: boolean
  /** Lines at the beginning that are passed over. */
  readonly skipHeader: number
}

/** How records become columns. */
export interface RecordLayout {
  /** By the columns' names or places; `record`: the whole of it into one column of type VARIANT. */
  readonly match: 'case-sensitive' | 'case-insensitive' | 'position' | 'record'
  readonly columns: readonly LaidOutColumn[]
  /** Keys of a VARIANT's records that have columns of their own in the spool. */
  readonly maxKeys: number
}

/** A column that records fill: `record` for VARIANT, `json` where texts keep their quotes. */
export interface LaidOutColumn {
  readonly name: string
  /** What CASE_SENSITIVE looks for. */
  readonly exactName: string
  readonly as: 'text' | 'json' | 'record'
  /** Whether it is told which records have it at all: a VARIANT's members, or a default, hang on that. */
  readonly tellsGiven: boolean
}

/** How a worker reads files into a table of a script. */
export interface TextReading {
  /** As history names the table. */
  readonly table: string
  readonly format: CsvFormat | JsonFormat | PatternFormat
  readonly layout: RecordLayout
  /** Whether the engine may find records that are rejects. */
  readonly keepsRaw: boolean
}
