import type { Compared, Condition } from '../../tasks/condition.ts'
import type { Dialect } from '../dialects.ts'
import { lexicalRules } from './dialect.ts'
import { lex } from './lexer.ts'
import { nameOfText } from './name.ts'
import { Reader } from './reader.ts'
import { sourceOf } from './source.ts'

const expected = 'SYSTEM$STREAM_HAS_DATA, TRUE, FALSE, a number or a text, with NOT, AND, OR and comparisons'

const functions = ['SYSTEM$GET_PREDECESSOR_RETURN_VALUE', 'SYSTEM$PREDECESSORS_STATE', 'SYSTEM$TASK_COMPLETION_STATE']

/** Reads the condition of a task: Snowflake's manual, CREATE TASK, WHEN. */
export function readCondition(text: string, dialect: Dialect): Condition {
  const source = sourceOf(text)
  const reader = new Reader(source, lex(source, lexicalRules[dialect]))
  reader.subject = 'WHEN'
  const condition = readOr(reader)
  reader.expectEnd()
  return condition
}

function readOr(reader: Reader): Condition {
  let left = readAnd(reader)
  while (reader.takeWords('OR')) left = { form: 'or', left, right: readAnd(reader) }
  return left
}

function readAnd(reader: Reader): Condition {
  let left = readNot(reader)
  while (reader.takeWords('AND')) left = { form: 'and', left, right: readNot(reader) }
  return left
}

function readNot(reader: Reader): Condition {
  if (reader.takeWords('NOT')) return { form: 'not', of: readNot(reader) }
  const left = readValue(reader)
  const by = readComparison(reader)
  return by === undefined ? left : { form: 'compare', by, left, right: readValue(reader) }
}

function readComparison(reader: Reader): Compared | undefined {
  if (reader.takeSymbol('=')) return '='
  if (reader.takeSymbol('<')) return reader.takeSymbol('=') ? '<=' : reader.takeSymbol('>') ? '<>' : '<'
  if (reader.takeSymbol('>')) return reader.takeSymbol('=') ? '>=' : '>'
  if (!reader.takeSymbol('!')) return undefined
  reader.expectSymbol('=')
  return '<>'
}

function readValue(reader: Reader): Condition {
  const token = reader.peek()
  if (reader.takeSymbol('(')) {
    const inner = readOr(reader)
    reader.expectSymbol(')')
    return inner
  }
  if (reader.takeWords('TRUE')) return { form: 'value', value: true }
  if (reader.takeWords('FALSE')) return { form: 'value', value: false }
  if (token?.kind === 'string' || token?.kind === 'number') {
    reader.next(expected)
    return { form: 'value', value: token.kind === 'number' ? Number(token.text) : token.text }
  }
  if (reader.takeWords('SYSTEM$STREAM_HAS_DATA')) return readStream(reader)
  const refused = functions.find((name) => reader.isWord(name))
  if (refused !== undefined)
    throw reader.error(token, `WHEN asks ${refused}, which tasks here do not keep; leave it out`)
  throw reader.unexpected(expected)
}

function readStream(reader: Reader): Condition {
  reader.expectSymbol('(')
  const token = reader.peek()
  if (token?.kind !== 'string') throw reader.unexpected("the name of a stream as a text, such as 'db.schema.stream'")
  nameOfText(token.text, (message) => reader.error(token, `SYSTEM$STREAM_HAS_DATA ${message}`))
  reader.next(expected)
  reader.expectSymbol(')')
  return { form: 'stream', name: token.text }
}
