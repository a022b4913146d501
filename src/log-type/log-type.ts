/**
 * How a column is read from text and stored. A `-` is NULL in every kind.
 * - `text`: as logged. `tag`: percent-decoded. `address`: a valid IPv4 or IPv6 address, IPv6 in RFC 5952 form.
 * - `enum`: a short word of a small set; a value nobody has seen is added to the set.
 * - `integer`: 0 … 2^31-1. `bigint`: 0 … 2^63-1. `epoch`: Unix seconds, stored as TIMESTAMP (UTC).
 * - `clf-time`: `[10/Oct/2026:13:55:36 +0000]`, in JSON and Parquet also ISO 8601; stored as TIMESTAMP (UTC).
 * - `uri`: text whose secrets (signatures, tokens) are redacted.
 */
export type ColumnKind = 'text' | 'tag' | 'address' | 'enum' | 'integer' | 'bigint' | 'epoch' | 'clf-time' | 'uri'

/** One column of a log type's table. */
export interface Column {
  /** AWS's field name in snake_case. */
  readonly name: string
  readonly kind: ColumnKind
  /** One or two sentences a user reads on the reference page: meaning, unit, when NULL. */
  readonly doc: string
  /** Name in text headers and in a declared format where it is not `name` with hyphens. */
  readonly field?: string
  /** Other names of this column in JSON or Parquet files (AWS's newer forms, other tools' files). */
  readonly aliases?: readonly string[]
  /** For `enum`: the values known today, in a fixed order. */
  readonly values?: readonly string[]
  /** Flow-log version that brought the field. */
  readonly since?: number
  /** No field of its own: the percent-decoded text of another column, stored only where it differs. */
  readonly decodedFrom?: string
  /** True where nearly every value differs (request ids): stored without a dictionary in the spool. */
  readonly distinct?: boolean
}

/** A value read from a line, between separators: a bare word, `[...]`, or `"..."` with backslash escapes. */
export type Token = 'word' | 'bracketed' | 'quoted'

/**
 * How text lines become columns.
 * - `fields`: words separated by one space, in the order of the header line, of a declared format, or of `defaultFields`.
 * - `layout`: tokens in one fixed order, no header.
 * - `s3-access`: the rules for S3 server access log lines, whose quotes are not escaped.
 */
export type TextForm =
  | {
      readonly kernel: 'fields'
      /** Field names of a file without header and without declared format. */
      readonly defaultFields: readonly string[]
    }
  | { readonly kernel: 'layout'; readonly tokens: readonly { readonly column: string; readonly token: Token }[] }
  | { readonly kernel: 's3-access' }

/** What is known of a file before it is read: its first lines (text) or its column names (Parquet). */
export type Sample =
  | { readonly form: 'text'; readonly firstLine: string }
  | { readonly form: 'json'; readonly keys: readonly string[] }
  | { readonly form: 'parquet'; readonly columns: readonly string[] }

/** A view in schema `logs` beside the one that carries the table's name. */
export interface ExtraView {
  readonly name: string
  readonly doc: string
  /** The select statement, over the table's own view. */
  readonly sql: string
}

/** A kind of log: its columns, how they are read, and how its files are recognised. One file per log type. */
export interface LogType {
  /** Name on the command line, e.g. `vpc-flow-logs`. */
  readonly name: string
  /** Table and view name, e.g. `vpc_flow_logs`. */
  readonly table: string
  readonly title: string
  /** A paragraph for the reference page. */
  readonly doc: string
  readonly columns: readonly Column[]
  readonly text: TextForm
  /** True where lines come wrapped by CloudWatch Logs: `{"message": …}`, subscription envelopes, leading ISO timestamps. */
  readonly wrapped: boolean
  /** True where whole records come as JSON objects, one a line, keyed by column name or alias. */
  readonly json: boolean
  /** SQL expressions of the type's own view where they differ from the stored column, by column name. */
  readonly viewExpressions?: Readonly<Record<string, string>>
  /** Columns the view adds, computed from stored ones: name, SQL over the stored table, doc. */
  readonly derived?: readonly { readonly name: string; readonly sql: string; readonly doc: string }[]
  readonly views?: readonly ExtraView[]
  /**
   * Where AWS files objects by the day (UTC): hours after a record's own time within which the day of its object lies in ordinary delivery.
   * It is never an earlier day than the record's.
   */
  readonly filedWithinHours?: number
  /** Whether a file with this beginning is of this type. Decides `--type auto`; must be false when in doubt. */
  recognises(sample: Sample): boolean
  /** A line or two as AWS writes them, for the reference page. */
  readonly example: string
}
