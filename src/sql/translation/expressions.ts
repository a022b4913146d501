import type { Context } from './context.ts'
import { type Node, contentOf, isNode, listOf, mapped } from './tree.ts'

/** An expression of the engine's SQL as a tree. */
export function expressionOf(sql: string, { sdk }: Pick<Context, 'sdk'>): unknown {
  const [statement] = listOf(sdk.parse(`select ${sql}`, sdk.Dialect.DuckDB).ast)
  return listOf(contentOf(statement, 'select')?.['expressions'])[0]
}

/** The expression that a rule writes, with its arguments in: `$1` is the first. */
export function filled(sql: string, given: readonly unknown[], context: Pick<Context, 'sdk'>): unknown {
  const put = (value: unknown): unknown => {
    if (Array.isArray(value)) return value.map(put)
    if (!isNode(value)) return value
    const place = placeOf(value)
    return place === undefined ? mapped(value, put) : given[place - 1]
  }
  const tree = put(expressionOf(sql.replaceAll(/\$(\d)/g, 'argument_$1'), context))
  return given.length > 1 && contentOf(tree, 'function') === undefined ? inBrackets(tree, context) : tree
}

/** A call of a function, with each argument a tree. */
export function call(name: string, ...given: readonly unknown[]): unknown {
  return {
    function: { name, args: given, distinct: false, use_bracket_syntax: false, no_parens: false, quoted: false },
  }
}

/** A text as a literal. */
export function textLiteral(value: string): unknown {
  return { literal: { literal_type: 'string', value } }
}

function placeOf(value: Node): number | undefined {
  const name = contentOf(value, 'column')?.['name']
  const text = isNode(name) ? name['name'] : undefined
  const [, place] = /^argument_(\d)$/.exec(typeof text === 'string' ? text : '') ?? []
  return place === undefined ? undefined : Number(place)
}

function inBrackets(tree: unknown, context: Pick<Context, 'sdk'>): unknown {
  const brackets = contentOf(expressionOf('(0)', context), 'paren')
  return brackets === undefined ? tree : { paren: { ...brackets, this: tree } }
}

/** An expression under a name. A quotation mark at either end of one is left out: beside its quote the parser takes it for another kind of quote. */
export function named(expression: unknown, name: string, context: Pick<Context, 'sdk'>): unknown {
  const plain = name.replaceAll(/^"([^"]*)"?|"$/g, '$1').replaceAll('"', '""')
  const alias = contentOf(expressionOf(`0 as "${plain}"`, context), 'alias')
  return alias === undefined ? expression : { alias: { ...alias, this: expression } }
}
