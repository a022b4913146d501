import { MillraceError, type Place } from '../errors.ts'

/** The engine cuts a long line on either side of the place it points at. */
const cut = /^\.\.\.|\.\.\.$/g

/** The place that an engine's message points at: `LINE 2: … from nowhere`, and a caret below. Undefined where it points at none. */
export function placeOf(message: string, sql: string): Place | undefined {
  const [, prefix, number, shown, caret] = /^(LINE (\d+): )(.*)\n( *)\^/m.exec(message) ?? []
  if (prefix === undefined || shown === undefined || caret === undefined) return undefined
  const line = Number(number)
  const text = sql.split('\n')[line - 1] ?? ''
  const at = text.indexOf(shown.replaceAll(cut, ''))
  const before = charactersBefore(shown, caret.length - prefix.length).replace(cut, '')
  return at === -1 ? { line, column: 1 } : { line, column: at + before.length + 1 }
}

/** Its caret stands behind so many characters, tabs not counted. */
function charactersBefore(shown: string, count: number): string {
  const [before = ''] = new RegExp(`^(?:\\t*[^\\t]){0,${count}}\\t*`).exec(shown) ?? []
  return before
}

/** The place behind so many characters (code points) of a text. */
export function placeAt(sql: string, characters: number): Place {
  return placeBehind(Array.from(sql).slice(0, characters).join(''))
}

function placeBehind(before: string): Place {
  const lines = before.split('\n')
  return { line: lines.length, column: (lines.at(-1) ?? '').length + 1 }
}

/** The line of a place with a caret below, as the engine shows it. */
export function shownPlace(sql: string, { line, column }: Place): string {
  const prefix = `LINE ${line}: `
  const from = Math.max(0, column - 60)
  const text = (sql.split('\n')[line - 1] ?? '').slice(from, from + 120)
  return `${prefix}${text}\n${' '.repeat(prefix.length + column - 1 - from)}^`
}

/** A failure of a translated statement, told of the text it was made from: at the name that the engine complains of. */
export function failureIn(sql: string, error: unknown): unknown {
  if (!(error instanceof MillraceError) || error.code !== 'SQL_FAILED') return error
  const [message = ''] = error.message.split('\n\nLINE ', 1)
  const [, quoted, named] = /"([^"]+)"|\bname (\w+)/.exec(message) ?? []
  const at = sql.toLowerCase().indexOf((quoted ?? named ?? '\n').toLowerCase())
  if (at === -1) return new MillraceError('SQL_FAILED', message, error)
  const place = placeBehind(sql.slice(0, at))
  return new MillraceError('SQL_FAILED', `${message}\n\n${shownPlace(sql, place)}`, error, place)
}
