import type { SpoolType } from '../spool.ts'
import type { Column } from './column.ts'
import { JsonKeys, type KnownKey, keyText, unescaped } from './json-keys.ts'
import { exactDouble, wholeNumber } from './json-number.ts'
import { FRACTION, type JsonScanner, KEY_ESCAPED, TEXT_ESCAPED } from './json-scanner.ts'
import { JsonText } from './json-text.ts'
import type { RecordWriter } from './record-writer.ts'
import type { JsonFormat } from './text-format.ts'

/** The types that values of JSON have in fields of a VARIANT, and how they are spooled. */
const spooledAs = {
  BIGINT: 'int64',
  HUGEINT: 'text',
  DOUBLE: 'double',
  VARCHAR: 'text',
  BOOLEAN: 'boolean',
  JSON: 'text',
} as const satisfies Record<string, SpoolType>

type ValueType = keyof typeof spooledAs

interface Typed {
  readonly columns: Map<ValueType, Column>
}

const QUOTE = 0x22
const COMMA = 0x2c

/** The records of one VARIANT column: each key is a spooled column for every type that its values have, and what has no place there a member of one object. */
export class VariantKeys {
  private readonly writer: RecordWriter
  private readonly column: string
  private readonly format: JsonFormat
  private readonly maxKeys: number
  private readonly others = new JsonText()
  private readonly value = new JsonText()
  private keys: JsonKeys<Typed> | undefined
  private generation = -1
  private record = 0
  private found: ((KnownKey & Typed) | undefined)[] = []
  /** The last member of keys that are not known. */
  private readonly rare = new Map<string, number>()

  constructor(writer: RecordWriter, column: string, format: JsonFormat, maxKeys: number) {
    this.writer = writer
    this.column = column
    this.format = format
    this.maxKeys = maxKeys
  }

  /** Looks at the keys of an object; the name of one that may not be there twice. */
  check(bytes: Buffer, start: number, { members }: JsonScanner): string | undefined {
    const keys = this.currentKeys()
    this.record++
    this.rare.clear()
    let twice: string | undefined
    for (let index = 0; index < members.count; index++) {
      const from = start + (members.keyStart[index] ?? 0)
      const to = start + (members.keyEnd[index] ?? 0)
      const isEscaped = ((members.flags[index] ?? 0) & KEY_ESCAPED) !== 0
      const key = keys.find(bytes, from, to, isEscaped, index)
      this.found[index] = key
      if (key === undefined) {
        const name = keyText(bytes, from, to, isEscaped)
        if (this.rare.has(name)) twice = name
        this.rare.set(name, index)
      } else {
        if (key.record === this.record) twice = key.name
        key.record = this.record
        key.member = index
      }
    }
    return this.format.allowsDuplicates ? undefined : twice
  }

  /** Pushes the values of an object that was checked. */
  push(bytes: Buffer, start: number, { members }: JsonScanner): void {
    this.others.clear()
    const last = new Set(this.rare.values())
    for (let index = 0; index < members.count; index++) {
      const key = this.found[index]
      if (key === undefined ? !last.has(index) : key.member !== index) continue
      const from = start + (members.start[index] ?? 0)
      const to = start + (members.end[index] ?? 0)
      const first = bytes[from - 1] === QUOTE ? QUOTE : (bytes[from] ?? 0)
      // A text stands without its quotes.
      if (key !== undefined && first !== 0x6e) this.pushValue(key, bytes, from, to, first, members.flags[index] ?? 0)
      else if (first !== 0x6e || !this.format.stripsNulls)
        this.pushOther(
          bytes,
          start + (members.keyStart[index] ?? 0),
          start + (members.keyEnd[index] ?? 0),
          from,
          to,
          first,
        )
    }
    if (this.others.length === 0) return
    const name = `others.${this.column}`
    const column = this.writer.columnOf({ name, column: this.column, holds: 'others', type: 'VARCHAR' }, 'text')
    column.pushBytes(this.writer.row, this.others.buffer, 0, this.others.length)
  }

  private pushValue(
    key: KnownKey & Typed,
    bytes: Buffer,
    from: number,
    to: number,
    first: number,
    flags: number,
  ): void {
    const { row } = this.writer
    switch (first) {
      case QUOTE: {
        const column = this.columnOf(key, 'VARCHAR')
        if ((flags & TEXT_ESCAPED) === 0) column.pushBytes(row, bytes, from, to)
        else column.pushText(row, unescaped(bytes, from, to))
        break
      }
      case 0x74:
      case 0x66:
        this.columnOf(key, 'BOOLEAN').pushBoolean(row, first === 0x74)
        break
      case 0x7b:
      case 0x5b:
        this.value.clear()
        this.value.putValue(bytes, from, to, this.format.stripsNulls)
        this.columnOf(key, 'JSON').pushBytes(row, this.value.buffer, 0, this.value.length)
        break
      default:
        this.pushNumber(key, bytes, from, to, flags)
    }
  }

  private pushNumber(key: KnownKey & Typed, bytes: Buffer, from: number, to: number, flags: number): void {
    const { row } = this.writer
    const text = bytes.toString('latin1', from, to)
    if ((flags & FRACTION) !== 0) {
      const value = exactDouble(text)
      if (value !== undefined) this.columnOf(key, 'DOUBLE').pushNumber(row, value)
      else this.columnOf(key, 'JSON').pushBytes(row, bytes, from, to)
    } else if (to - from <= 15) this.columnOf(key, 'BIGINT').pushNumber(row, Number(text))
    else {
      const whole = wholeNumber(text)
      if (whole?.type === 'BIGINT') this.columnOf(key, 'BIGINT').pushBigInt(row, whole.value)
      else this.columnOf(key, whole?.type ?? 'JSON').pushBytes(row, bytes, from, to)
    }
  }

  private pushOther(bytes: Buffer, keyStart: number, keyEnd: number, from: number, to: number, first: number): void {
    const { others } = this
    if (others.length > 0) others.putByte(COMMA)
    others.put(bytes, keyStart - 1, keyEnd + 1)
    others.putByte(0x3a)
    if (first === QUOTE) others.put(bytes, from - 1, to + 1)
    else others.putValue(bytes, from, to, this.format.stripsNulls)
  }

  private columnOf(key: KnownKey & Typed, type: ValueType): Column {
    const known = key.columns.get(type)
    if (known !== undefined) return known
    // The engine does not tell names apart that differ by case alone.
    const name = `${type}.${Buffer.from(key.name).toString('hex')}.${this.column}`
    const made = this.writer.columnOf({ name, column: this.column, holds: 'key', key: key.name, type }, spooledAs[type])
    key.columns.set(type, made)
    return made
  }

  private currentKeys(): JsonKeys<Typed> {
    if (this.keys !== undefined && this.generation === this.writer.generation) return this.keys
    this.generation = this.writer.generation
    this.keys = new JsonKeys<Typed>(this.maxKeys, () => ({ columns: new Map() }))
    return this.keys
  }
}
