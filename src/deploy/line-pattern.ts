import type { LogType, TextForm } from '../log-type/log-type.ts'

/** The 18th to 27th field: lines of earlier years end sooner, later ones may have more. No quote is behind the last quoted field. */
const accessTail = `([^ "]*)${'(?: ([^ "]*))?'.repeat(9)}(?: [^"]*)?`

/** 27 groups. Quoted fields may hold quotes, and CloudFront's name as a requester has spaces. */
const accessPattern = String.raw`([^ ]*) ([^ ]*) \[([^\]]*)\] ([^ ]*) ([^"]*?) ([^ ]*) ([^ ]*) ([^ ]*) (-|".*?") (-|[0-9]{3}) ([^ ]*) ([^ ]*) ([^ ]*) ([^ ]*) ([^ ]*) (-|".*?") (-|".*?") ${accessTail}`

/**
 * A quote behind a backslash is part of the value. Written without a group that repeats: Java's recursion goes as deep as that, so a client could
 * send a request that no query gets past.
 */
const quoted = String.raw`(-|"(?:|.*?(?<!\\)(?:\\\\){0,9})")`
const tokens = { word: '([^ ]+)', bracketed: String.raw`\[([^\]]*)\]`, quoted } as const

/** The pattern of a line for RegexSerDe, with one group a column. */
export function linePattern(text: Exclude<TextForm, { readonly kernel: 'fields' }>): string {
  if (text.kernel === 's3-access') return accessPattern
  const lastBare = text.tokens.findLastIndex(({ token }) => token !== 'quoted')
  const groups = text.tokens.map(({ token }, index) => {
    if (index === 0) return tokens[token]
    // Quoted values at the end may be absent (the common log format).
    return index > lastBare ? `(?: ${tokens[token]})?` : ` ${tokens[token]}`
  })
  return `${groups.join('')}(?: .*)?`
}

/** Columns whose raw values have their quotes. */
export function quotedColumns({ text }: LogType): ReadonlySet<string> {
  if (text.kernel === 's3-access') return new Set(['request_uri', 'referrer', 'useragent'])
  if (text.kernel === 'fields') return new Set()
  return new Set(text.tokens.flatMap(({ column, token }) => (token === 'quoted' ? [column] : [])))
}
