/** A statement's place in a text: without the blanks around it and without its semicolon. */
export interface Statement {
  readonly from: number
  readonly to: number
}

interface Part extends Statement {
  /** Behind its semicolon. */
  readonly end: number
}

const tokens =
  /(?<blank>\s+|--[^\n]*)|(?<comment>\/\*)|[eE]'(?:[^'\\]|\\[^]|'')*(?:'|$)|'(?:[^']|'')*(?:'|$)|"(?:[^"]|"")*(?:"|$)|(?<dollar>\$(?:[A-Za-z_]\w*)?\$)|(?<end>;)|[\w$]+|[^]/gy

/** Behind the end of a block comment, which may hold others. */
function endOfComment(sql: string, from: number): number {
  const marks = /\/\*|\*\//g
  marks.lastIndex = from
  for (let depth = 1; ;) {
    const mark = marks.exec(sql)
    if (mark === null) return sql.length
    depth += mark[0] === '/*' ? 1 : -1
    if (depth === 0) return marks.lastIndex
  }
}

function endOfDollarQuote(sql: string, quote: string, from: number): number {
  const at = sql.indexOf(quote, from)
  return at === -1 ? sql.length : at + quote.length
}

function partsOf(sql: string): Part[] {
  const parts: Part[] = []
  let from = -1
  let to = -1
  tokens.lastIndex = 0
  for (let token = tokens.exec(sql); token !== null; token = tokens.exec(sql)) {
    const { blank, comment, dollar, end } = token.groups ?? {}
    if (comment !== undefined) tokens.lastIndex = endOfComment(sql, tokens.lastIndex)
    else if (end !== undefined) {
      if (from !== -1) parts.push({ from, to, end: tokens.lastIndex })
      from = -1
    } else if (blank === undefined) {
      if (dollar !== undefined) tokens.lastIndex = endOfDollarQuote(sql, dollar, tokens.lastIndex)
      if (from === -1) from = token.index
      to = tokens.lastIndex
    }
  }
  if (from !== -1) parts.push({ from, to, end: sql.length })
  return parts
}

/** The statements of a text, split at semicolons that are not within text, names, comments or dollar quotes. */
export function statementsIn(sql: string): Statement[] {
  return partsOf(sql).map(({ from, to }) => ({ from, to }))
}

/** The statement that a position is in or right behind of; between two, the one that follows. Undefined where there is none. */
export function statementAt(sql: string, position: number): Statement | undefined {
  const parts = partsOf(sql)
  const found = parts.find((part) => position <= part.end) ?? parts.at(-1)
  return found === undefined ? undefined : { from: found.from, to: found.to }
}
