import { JsonKeys, keyText, unescaped } from './json-keys.ts'
import { JsonScanner, KEY_ESCAPED, TEXT_ESCAPED } from './json-scanner.ts'
import { JsonText } from './json-text.ts'
import type { RecordWriter } from './record-writer.ts'
import type { JsonFormat, LaidOutColumn, RecordLayout } from './text-format.ts'
import { VariantKeys } from './variant-keys.ts'

/** Why an object is no row, and where in it that is. */
export interface JsonFault {
  readonly reason: string
  readonly offset: number
}

/** Where the members of an object go. */
export interface JsonLayout {
  check(bytes: Buffer, start: number, scanner: JsonScanner): JsonFault | undefined
  /** Pushes the values of an object that was checked. */
  push(bytes: Buffer, start: number, scanner: JsonScanner): void
}

export function jsonLayout(writer: RecordWriter, format: JsonFormat, layout: RecordLayout): JsonLayout {
  return layout.match === 'record' ? new WholeRecords(writer, format, layout) : new NamedColumns(writer, format, layout)
}

/** Columns that take all of an object: taken apart, or as a text. */
class WholeRecords implements JsonLayout {
  private readonly writer: RecordWriter
  private readonly format: JsonFormat
  private readonly texts: readonly LaidOutColumn[]
  private readonly variants: readonly VariantKeys[]
  /** Looks at the keys. */
  private readonly keys: VariantKeys
  private readonly value = new JsonText()

  constructor(writer: RecordWriter, format: JsonFormat, { columns, maxKeys }: RecordLayout) {
    this.writer = writer
    this.format = format
    this.texts = columns.filter(({ as }) => as !== 'record')
    this.variants = columns
      .filter(({ as }) => as === 'record')
      .map(({ name }) => new VariantKeys(writer, name, format, maxKeys))
    this.keys = this.variants[0] ?? new VariantKeys(writer, '', format, 0)
  }

  check(bytes: Buffer, start: number, scanner: JsonScanner): JsonFault | undefined {
    for (const keys of this.variants.slice(1)) keys.check(bytes, start, scanner)
    return twice(this.keys.check(bytes, start, scanner))
  }

  push(bytes: Buffer, start: number, scanner: JsonScanner): void {
    for (const keys of this.variants) keys.push(bytes, start, scanner)
    for (const { name } of this.texts) {
      this.value.clear()
      this.value.putValue(bytes, start, start + scanner.length, this.format.stripsNulls)
      this.writer.valuesOf(name).pushBytes(this.writer.row, this.value.buffer, 0, this.value.length)
    }
  }
}

function twice(key: string | undefined): JsonFault | undefined {
  return key === undefined
    ? undefined
    : {
        reason: `NOT_JSON: the key ${key.slice(0, 100)} stands there twice; ALLOW_DUPLICATE = TRUE takes the last`,
        offset: 0,
      }
}

const QUOTE = 0x22
const NULL = 0x6e
const OPEN_OBJECT = 0x7b

/** Keys of which it is remembered which column they are for. */
const KNOWN_KEYS = 10_000

interface Target {
  readonly column: LaidOutColumn | undefined
}

/** Columns that take the values of keys of their own name. */
class NamedColumns implements JsonLayout {
  private readonly writer: RecordWriter
  private readonly format: JsonFormat
  private readonly byName: (name: string) => LaidOutColumn | undefined
  private readonly keys: JsonKeys<Target>
  private readonly variants: ReadonlyMap<LaidOutColumn, { readonly keys: VariantKeys; readonly scanner: JsonScanner }>
  private readonly value = new JsonText()
  private readonly nulls: ReadonlySet<string>
  /** The member that each column takes its value from. */
  private readonly taken = new Map<LaidOutColumn, number>()
  private readonly seen = new Set<string>()

  constructor(writer: RecordWriter, format: JsonFormat, { match, columns, maxKeys }: RecordLayout) {
    this.writer = writer
    this.format = format
    const folded = (name: string): string => (match === 'case-sensitive' ? name : name.toLowerCase())
    const targets = new Map(columns.map((column) => [folded(column.exactName), column]))
    this.byName = (name) => targets.get(folded(name))
    this.keys = new JsonKeys<Target>(KNOWN_KEYS, (name) => ({ column: this.byName(name) }))
    this.nulls = new Set(format.nullIf)
    const records = columns.filter((column) => column.as === 'record')
    this.variants = new Map(
      records.map((column) => [
        column,
        { keys: new VariantKeys(writer, column.name, format, maxKeys), scanner: new JsonScanner() },
      ]),
    )
  }

  check(bytes: Buffer, start: number, { members }: JsonScanner): JsonFault | undefined {
    this.taken.clear()
    this.seen.clear()
    for (let index = 0; index < members.count; index++) {
      const from = start + (members.keyStart[index] ?? 0)
      const to = start + (members.keyEnd[index] ?? 0)
      const isEscaped = ((members.flags[index] ?? 0) & KEY_ESCAPED) !== 0
      const key = this.keys.find(bytes, from, to, isEscaped, index)
      const name = key?.name ?? keyText(bytes, from, to, isEscaped)
      if (this.seen.has(name) && !this.format.allowsDuplicates) return twice(name)
      this.seen.add(name)
      const column = key === undefined ? this.byName(name) : key.column
      if (column !== undefined) this.taken.set(column, index)
    }
    for (const [column, { keys, scanner }] of this.variants) {
      const index = this.taken.get(column)
      const offset = index === undefined ? 0 : (members.start[index] ?? 0)
      const first = bytes[start + offset]
      if (index === undefined || first === NULL) continue
      if (first !== OPEN_OBJECT || bytes[start + offset - 1] === QUOTE)
        return { reason: `NOT_OBJECT ${column.name}: a column of type VARIANT takes objects`, offset }
      scanner.begin()
      scanner.scan(bytes, start + offset, start + (members.end[index] ?? 0))
      const fault = twice(keys.check(bytes, start + offset, scanner))
      if (fault !== undefined) return { ...fault, offset }
    }
    return undefined
  }

  push(bytes: Buffer, start: number, { members }: JsonScanner): void {
    for (const [column, index] of this.taken) {
      const from = start + (members.start[index] ?? 0)
      const to = start + (members.end[index] ?? 0)
      const isText = bytes[from - 1] === QUOTE
      const variant = this.variants.get(column)
      const isNull = !isText && bytes[from] === NULL
      if (column.tellsGiven && (variant === undefined || !isNull)) this.writer.tellGiven(column.name)
      if (isNull) continue
      if (variant !== undefined) variant.keys.push(bytes, from, variant.scanner)
      else if (isText && column.as === 'text') this.pushText(column, bytes, from, to, members.flags[index] ?? 0)
      else {
        this.value.clear()
        this.value.putValue(bytes, isText ? from - 1 : from, isText ? to + 1 : to, this.format.stripsNulls)
        this.writer.valuesOf(column.name).pushBytes(this.writer.row, this.value.buffer, 0, this.value.length)
      }
    }
  }

  private pushText(column: LaidOutColumn, bytes: Buffer, from: number, to: number, flags: number): void {
    const { trims } = this.format
    if ((flags & TEXT_ESCAPED) === 0 && !trims && this.nulls.size === 0) {
      this.writer.valuesOf(column.name).pushBytes(this.writer.row, bytes, from, to)
      return
    }
    const whole = unescaped(bytes, from, to)
    const text = trims ? whole.trim() : whole
    if (!this.nulls.has(text)) this.writer.valuesOf(column.name).pushText(this.writer.row, text)
  }
}
