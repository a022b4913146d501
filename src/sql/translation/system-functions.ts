import { MillraceError } from '../../errors.ts'
import type { Context } from './context.ts'
import { call, textLiteral } from './expressions.ts'
import { type Node, contentOf, isNode, listOf } from './tree.ts'

/** Snowflake's table functions of INFORMATION_SCHEMA that Millrace has under the same names (src/functions/history.sql). */
const histories: ReadonlySet<string> = new Set(['pipe_usage_history', 'copy_history', 'task_history'])

/** `TABLE(INFORMATION_SCHEMA.PIPE_USAGE_HISTORY(…))` as the engine's table function; undefined for any other table. */
export function historyTable(content: Node, context: Context): unknown {
  if (String(content['name']).toLowerCase() !== 'table') return undefined
  const [called] = listOf(content['args'])
  const method = contentOf(called, 'method_call') ?? contentOf(called, 'function')
  const written = method?.['method'] ?? method?.['name']
  const name = String(isNode(written) ? written['name'] : written).toLowerCase()
  if (method === undefined || !histories.has(name)) return undefined
  return call(name, ...listOf(method['args']).map((one) => argumentOf(one, name, context)))
}

const examples: Readonly<Record<string, string>> = {
  copy_history: "TABLE_NAME => 'T'",
  task_history: "TASK_NAME => 'T'",
}

/** Named arguments keep their names; those by place have the order that both share. */
function argumentOf(given: unknown, name: string, context: Context): unknown {
  const argument = contentOf(given, 'named_argument')
  if (argument !== undefined)
    return { named_argument: { ...argument, value: context.rewrite(argument['value'], context) } }
  throw new MillraceError(
    'SQL_REFUSED',
    `${name.toUpperCase()} takes its arguments by their names here, such as ${examples[name] ?? "PIPE_NAME => 'P'"}.`,
  )
}

const systemFunctions = {
  system$pipe_status: "SYSTEM$PIPE_STATUS takes the name of a pipe as a text: SYSTEM$PIPE_STATUS('db.schema.pipe').",
  system$stream_has_data:
    "SYSTEM$STREAM_HAS_DATA takes the name of a stream as a text: SYSTEM$STREAM_HAS_DATA('db.schema.stream').",
} as const

function isKnown(name: string): name is keyof typeof systemFunctions {
  return Object.hasOwn(systemFunctions, name)
}

/** Whether a node is a call of a system function. */
export function isSystemFunction(node: unknown): boolean {
  return isKnown(String(contentOf(node, 'function')?.['name']).toLowerCase())
}

/** `SYSTEM$PIPE_STATUS('p')` as the text it gives now, `SYSTEM$STREAM_HAS_DATA('s')` as our function; undefined for any other function. */
export function systemFunction(content: Node, { known }: Context): unknown {
  const called = String(content['name']).toLowerCase()
  if (!isKnown(called)) return undefined
  const given = contentOf(listOf(content['args'])[0], 'literal')
  const name = given?.['literal_type'] === 'string' ? String(given['value']) : undefined
  if (name === undefined) throw new MillraceError('SQL_REFUSED', systemFunctions[called])
  if (called === 'system$stream_has_data') {
    const full = known.fullName(name)
    // What is in quotes is compared as it stands.
    return call('stream_has_data', textLiteral(full === full.toUpperCase() ? full : `"${full}"`))
  }
  const status = known.pipeStatus(name)
  if (status !== undefined) return textLiteral(status)
  throw new MillraceError('SQL_FAILED', `PIPE ${name} does not exist; SHOW PIPES lists what there is.`)
}
