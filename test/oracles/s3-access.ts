import type { Column, LogType } from '../../src/log-type/log-type.ts'
import { type Cells, emptyCells, type Fault, type LineReader, type Reading, reject, textColumns } from './reading.ts'
import { decodeUtf8, replaceBadBytes } from './utf8.ts'
import { percentDecoded, type ValueReader } from './values.ts'

/** Six words between request-URI and referer. */
const numbers = '(?=" (?:[0-9]{3}|-) [^ ]+ (?:[0-9]+|-) (?:[0-9]+|-) (?:[0-9]+|-) (?:[0-9]+|-) )"'
const anyOperation = String.raw`[A-Z0-9_]+(?:\.[A-Z0-9_]+)+(?: |$)`
const knownOperation = String.raw`(?:REST|SOAP|WEBSITE|BATCH|S3)\.`
const bareDash = '-(?= |$)'

/**
 * The line as one regular expression, piece by piece. A piece between `(?=(?<name>` and `)\k<name>` is atomic: what it
 * found stays found, whatever comes after.
 */
const pieces: readonly { readonly columns: readonly string[]; readonly pattern: string }[] = [
  { columns: ['bucketowner'], pattern: '([^ ]+)' },
  { columns: ['bucket_name'], pattern: ' ([^ ]+)' },
  { columns: ['requestdatetime'], pattern: String.raw` \[([^]{26})\](?= )` },
  { columns: ['remoteip'], pattern: ' ([^ ]+)' },
  {
    columns: ['requester', 'requestid', 'operation'],
    pattern:
      ` (?=(?<requester>[^ ]+(?= [^ ]+ ${anyOperation})|[^ ]+(?: [^ ]*){0,16}?(?= [^ ]+ ${knownOperation})))` +
      String.raw`\k<requester> ([^ ]+) ([^ ]+)`,
  },
  { columns: ['key'], pattern: ' ([^ ]+)' },
  {
    columns: ['request_uri'],
    pattern: String.raw` (?=(?<uri>"[^]*? HTTP/[0-9](?:\.[0-9])?${numbers}|"[^]*?${numbers}|${bareDash}))\k<uri>`,
  },
  ...['httpstatus', 'errorcode', 'bytessent', 'objectsize', 'totaltime', 'turnaroundtime'].map((name) => ({
    columns: [name],
    pattern: ' ([^ ]+)',
  })),
  {
    columns: ['referrer'],
    pattern: String.raw` (?=(?<referer>"-"(?= )|"[^]*?"(?= "[^]*")|"[^]*"|${bareDash}))\k<referer>`,
  },
  { columns: ['useragent'], pattern: String.raw` (?=(?<agent>"[^]*"|${bareDash}))\k<agent>` },
  { columns: ['tail'], pattern: ' ([^]+)$' },
]

const tailColumns = [
  'versionid',
  'hostid',
  'sigv',
  'ciphersuite',
  'authtype',
  'endpoint',
  'tlsversion',
  'accesspointarn',
  'aclrequired',
  'sourceregion',
]
const firstTailField = 18
const lastField = 64

const quotedColumns = new Set(['request_uri', 'referrer', 'useragent'])

/** The names of the capturing groups, in order. */
const groupNames = pieces.flatMap(({ columns }) => columns)

/** Matches every line: each piece may be missing together with all that come after it. */
const line = new RegExp(`^${pieces.reduceRight((rest, { pattern }) => `(?:${pattern}${rest})?`, '')}`)

interface Draft {
  readonly values: Cells
  readonly extra: Record<string, string>
}

/** "S3 server access logs (`s3-access`)" of docs/PARSING.md. */
export function s3AccessReader(type: LogType, reader: ValueReader): LineReader {
  const columns = textColumns(type.columns)
  const empty = emptyCells(type.columns)

  return (bytes) => (bytes.includes('\0') ? reject('HAS_NUL', null) : readLine(replaceBadBytes(bytes)))

  function readLine(text: string): Reading {
    const [beginning = '', ...groups] = line.exec(text) ?? []
    const texts = groups.filter((group) => group !== undefined)
    const isWhole = texts.length === groupNames.length
    const draft: Draft = { values: { ...empty }, extra: {} }
    const fault =
      takeAll(draft, isWhole ? texts.slice(0, -1) : texts) ??
      (isWhole ? takeTail(draft, texts.at(-1) ?? '') : faultAfter(texts.length, text.slice(beginning.length)))
    if (fault !== null) return { is: 'reject', fault }
    const extra = Object.keys(draft.extra).length > 0 ? draft.extra : null
    return { is: 'row', row: { values: draft.values, extra } }
  }

  function takeAll(draft: Draft, texts: readonly string[]): Fault | null {
    for (const [index, text] of texts.entries()) {
      const fault = take(draft, groupNames[index] ?? '', text)
      if (fault !== null) return fault
    }
    return null
  }

  function takeTail(draft: Draft, tail: string): Fault | null {
    const words = tail.split(' ')
    const ends = lastField - firstTailField
    const texts = words.length > ends ? [...words.slice(0, ends), words.slice(ends).join(' ')] : words
    for (const [index, text] of texts.entries()) {
      const column = tailColumns[index] ?? null
      if (text === '') return { code: 'FIELD_EMPTY', column }
      const fault = take(draft, column ?? `field_${firstTailField + index}`, text)
      if (fault !== null) return fault
    }
    return null
  }

  function take(draft: Draft, name: string, token: string): Fault | null {
    const text = quotedColumns.has(name) && token !== '-' ? token.slice(1, -1) : token
    if (text === '-' || text === '') return null
    const column: Column | undefined = columns.get(name)
    if (column === undefined) {
      draft.extra[name] = decodeUtf8(text)
      return null
    }
    const judged = reader.read(column, text)
    if ('code' in judged) return { code: judged.code, column: name }
    draft.values[name] = judged.cell
    const decoded = name === 'key' ? decodedKey(text) : null
    if (decoded !== null) draft.values['object_key'] = decodeUtf8(decoded)
    return null
  }
}

function decodedKey(key: string): string | null {
  const once = key.includes('%') ? percentDecoded(key) : null
  const twice = once?.includes('%') ? percentDecoded(once) : null
  return twice ?? once
}

/** What is wrong with the piece after the first `groupCount` groups, where `rest` stands. */
function faultAfter(groupCount: number, rest: string): Fault {
  const name = groupNames[groupCount] ?? ''
  const column = name === 'tail' ? 'versionid' : name
  const isFirst = groupCount === 0
  if (rest === '' || (rest === ' ' && !isFirst)) return { code: 'FIELD_MISSING', column }
  if (!isFirst && !rest.startsWith(' ')) return { code: 'NOT_QUOTED', column: groupNames[groupCount - 1] ?? null }

  const text = isFirst ? rest : rest.slice(1)
  if (name === 'requestdatetime') return { code: 'NOT_TIME', column }
  if (name === 'request_uri') return { code: text.startsWith('"') ? 'URI_OPEN' : 'NOT_QUOTED', column }
  if (quotedColumns.has(name)) return { code: text.startsWith('"') ? 'QUOTE_OPEN' : 'NOT_QUOTED', column }
  if (name === 'requester' && !text.startsWith(' ')) return { code: 'NO_OPERATION', column: 'operation' }
  return { code: 'FIELD_EMPTY', column }
}
