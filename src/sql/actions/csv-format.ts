import type { CsvFormat } from '../../loading/text/text-format.ts'
import { failed } from '../execution/failure.ts'
import type { CsvValues } from '../statement/file-format-options.ts'
import { optionName } from '../statement/options.ts'
import type { Given } from '../statement/options.ts'

/** What is CSV's own among the options of a format. Refuses by name what is not done. */
export function csvOwn(
  options: Given<CsvValues>,
): Omit<CsvFormat, 'type' | 'packing' | 'skipsMark' | 'multiLine' | 'trims'> {
  const { fieldDelimiter = ',', escapeUnenclosedField = '\\', parseHeader = false, skipHeader = 0 } = options
  if (options.validateUtf8 === false)
    throw failed(
      'VALIDATE_UTF8 = FALSE is not known to this version; REPLACE_INVALID_CHARACTERS = TRUE loads such files',
    )
  if (parseHeader && skipHeader > 0)
    throw failed('SKIP_HEADER and PARSE_HEADER = TRUE exclude each other; leave one out')
  const record = options.recordDelimiter === undefined ? 'line' : recordDelimiterOf(options.recordDelimiter)
  const field = fieldDelimiter === null ? null : characters('fieldDelimiter', fieldDelimiter)
  const ends = record === null || record === 'line' ? '\n' : record.text
  if (field !== null && record !== null && (field.includes(ends) || ends.includes(field)))
    throw failed(`FIELD_DELIMITER and RECORD_DELIMITER must not be parts of each other; take others`)
  return {
    encoding: encodingOf(options.encoding),
    replacesInvalid: options.replaceInvalidCharacters ?? false,
    nullIf: options.nullIf ?? [String.raw`\N`],
    recordDelimiter: record,
    fieldDelimiter: field,
    skipHeader,
    parsesHeader: parseHeader,
    skipsBlankLines: options.skipBlankLines ?? false,
    enclosure: character('fieldOptionallyEnclosedBy', options.fieldOptionallyEnclosedBy ?? null),
    escape: character('escape', options.escape ?? null),
    escapeUnenclosed: character('escapeUnenclosedField', escapeUnenclosedField),
    emptyIsNull: options.emptyFieldAsNull ?? true,
    checksCount: options.errorOnColumnCountMismatch ?? true,
  }
}

function recordDelimiterOf(given: string | null): CsvFormat['recordDelimiter'] {
  if (given === null) return null
  const text = characters('recordDelimiter', given)
  return text === '\n' || text === '\r\n' ? 'line' : { text }
}

const named: Readonly<Record<string, number>> = { n: 10, t: 9, r: 13, b: 8, f: 12, 0: 0, '\\': 92, "'": 39, '"': 34 }

/** A delimiter's text: `\t` and the like, octal (`\174`) and hexadecimal (`0x7c`, `\x7c`) bytes besides plain characters. */
function characters(option: keyof CsvValues, given: string): string {
  const parts = given.match(/(?:0x|\\x)[0-9a-f]{2}|\\[0-3][0-7]{2}|\\[ntrbf0\\'"]|[\s\S]/gi) ?? []
  const bytes = Buffer.concat(
    parts.map((part) => {
      const [, hex, octal, name] = /^(?:(?:0x|\\x)(..)|\\([0-3]..)|\\(.))$/i.exec(part) ?? []
      if (hex !== undefined) return Buffer.from(hex, 'hex')
      if (octal !== undefined) return Buffer.from([Number.parseInt(octal, 8)])
      return name === undefined ? Buffer.from(part) : Buffer.from([named[name] ?? 0])
    }),
  )
  const text = bytes.toString()
  if (text === '' || text.includes('\ufffd'))
    throw failed(`${optionName(option)} = '${given}' is no text in UTF-8; take other characters`)
  return text
}

function character(option: keyof CsvValues, given: string | null): string | null {
  if (given === null) return null
  const text = characters(option, given)
  if (Buffer.byteLength(text) !== 1)
    throw failed(`${optionName(option)} = '${given}' is more than one character of ASCII; take one, or NONE`)
  return text
}

/** Snowflake's names of character sets, and the WHATWG's where Node has them. */
const encodings: Readonly<Record<string, string>> = {
  UTF8: 'utf-8',
  UTF16: 'utf-16',
  UTF16BE: 'utf-16be',
  UTF16LE: 'utf-16le',
  ISO88591: 'latin1',
  ISO88592: 'iso-8859-2',
  ISO88595: 'iso-8859-5',
  ISO88596: 'iso-8859-6',
  ISO88597: 'iso-8859-7',
  ISO88598: 'iso-8859-8',
  ISO885915: 'iso-8859-15',
  KOI8R: 'koi8-r',
  BIG5: 'big5',
  EUCJP: 'euc-jp',
  EUCKR: 'euc-kr',
  GB18030: 'gb18030',
  ISO2022JP: 'iso-2022-jp',
  SHIFTJIS: 'shift_jis',
  WINDOWS1250: 'windows-1250',
  WINDOWS1251: 'windows-1251',
  WINDOWS1252: 'windows-1252',
  WINDOWS1253: 'windows-1253',
  WINDOWS1254: 'windows-1254',
  WINDOWS1255: 'windows-1255',
  WINDOWS1256: 'windows-1256',
}

function encodingOf(given = 'UTF8'): string {
  const name = given.toUpperCase().replaceAll(/[-_]/g, '')
  const known = Object.hasOwn(encodings, name) ? encodings[name] : undefined
  if (known !== undefined) return known
  throw failed(`ENCODING = '${given}' is not read by this version; it reads ${Object.keys(encodings).join(', ')}`)
}
