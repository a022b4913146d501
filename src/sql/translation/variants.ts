import { isVariant, otherField } from './column-type.ts'
import { type Context, refused, untranslated } from './context.ts'
import { call, filled, textLiteral } from './expressions.ts'
import { parsedAddress } from './parse-ip.ts'
import { type Step, columnPath, extracted, indexStep, spanOf } from './paths.ts'
import { columnNamed } from './scope.ts'
import { contentOf, isNode, kindOf, partWritten, withoutBrackets } from './tree.ts'

/** An expression whose type is VARIANT. With neither `stored` nor `json` its key is one that no row has. */
export interface Variant {
  /** As it was written. */
  readonly text: string
  /** Its value as the engine stores it, where that has one type; values of other types are in `json`. */
  readonly stored?: { readonly node: unknown; readonly type: string }
  readonly json?: unknown
  /** What is not NULL where `json` may hold something; it is asked first, since that is quicker. */
  readonly other?: unknown
  /** The column, where there is no path behind it. */
  readonly column?: unknown
  /** Nothing is known of the column: its table may only be made by the script. */
  readonly isGuess?: boolean
}

/** A VARIANT that an expression is: a column, or a path behind one or behind PARSE_IP. */
export function variantIn(expression: unknown, context: Context): Variant | undefined {
  const node = withoutBrackets(expression)
  const [kind, content] = kindOf(node) ?? ['', {}]
  if (kind === 'j_s_o_n_extract') return ofPath(content['this'], node, context)
  if (kind === 'subscript') return ofSubscript(node, context)
  const path = columnPath(node)
  if (path === undefined) return undefined
  const type = columnNamed(path, context.scope)
  if (!isVariant(type)) return undefined
  const column = context.rewrite(node, { ...context, isVariantMeant: true })
  return { text: textOf(node), column, ...(type.form === 'json' ? { json: column } : {}) }
}

/** `column:path`, `column['a']:path` or `parse_ip(…):key`. */
function ofPath(base: unknown, node: unknown, context: Context): Variant {
  const path = contentOf(contentOf(node, 'j_s_o_n_extract')?.['expression'], 'literal')?.['value']
  const written = typeof path === 'string' ? path : ''
  const parsed = parsedAddress(base, written, context)
  if (parsed !== undefined) return parsed
  const span = spanOf(base)
  const read = span === undefined ? undefined : context.paths.behind(span)
  if (read !== undefined) return ofColumn(base, read.steps, read.text, context)
  const indexes = stepsOf(base)
  if (indexes === undefined || !/^\w+$/.test(written))
    throw untranslated(`path :${written} behind what is no column`, context)
  return ofColumn(indexes.column, [...indexes.steps, written], `${textOf(indexes.column)}…:${written}`, context)
}

/** `column['a'][0]`; undefined where that is no VARIANT. */
function ofSubscript(node: unknown, context: Context): Variant | undefined {
  const read = stepsOf(node)
  const path = read === undefined ? undefined : columnPath(read.column)
  if (read === undefined || path === undefined) return undefined
  const type = columnNamed(path, context.scope)
  const isMeant = isVariant(type) || (type.form === 'unknown' && typeof read.steps[0] === 'string')
  if (!isMeant) return undefined
  const text = `${textOf(read.column)}${read.steps.map((step) => `[${typeof step === 'string' ? `'${step}'` : step}]`).join('')}`
  return ofColumn(read.column, read.steps, text, context)
}

function stepsOf(node: unknown): { readonly column: unknown; readonly steps: readonly Step[] } | undefined {
  if (columnPath(node) !== undefined) return { column: node, steps: [] }
  const content = contentOf(node, 'subscript')
  const before = content === undefined ? undefined : stepsOf(content['this'])
  const step = indexStep(content?.['index'])
  return before === undefined || step === undefined ? undefined : { ...before, steps: [...before.steps, step] }
}

function ofColumn(column: unknown, steps: readonly Step[], text: string, context: Context): Variant {
  const type = columnNamed(columnPath(column) ?? [], context.scope)
  if (type.form === 'plain')
    throw refused(
      context,
      `path ${text} needs a VARIANT before it, and ${textOf(column)} is ${type.type === '' ? 'none' : type.type}. Name the column as it is`,
    )
  const node = context.rewrite(column, { ...context, isVariantMeant: true })
  if (type.form !== 'object') return { text, json: extracted(node, steps), isGuess: type.form === 'unknown' }
  const [key, ...rest] = steps
  const field = (name: string): unknown => call('snowflake_field', node, textLiteral(name))
  const other = type.fields.has(otherField) ? extracted(field(otherField), steps) : undefined
  const stored = typeof key === 'string' && key !== otherField ? type.fields.get(key) : undefined
  if (stored === undefined || typeof key !== 'string') return { text, ...(other === undefined ? {} : { json: other }) }
  if (stored === 'JSON') {
    const within = extracted(field(key), rest)
    return { text, json: other === undefined ? within : call('coalesce', within, other) }
  }
  // Behind what is no object there is nothing.
  const value = rest.length === 0 ? { stored: { node: inCondition(field(key), stored, context), type: stored } } : {}
  return { text, ...value, ...(other === undefined ? {} : { json: other, other: field(otherField) }) }
}

function inCondition(field: unknown, type: string, { isCondition }: Context): unknown {
  return isCondition === true && type === 'VARCHAR' ? call('snowflake_filtered', field) : field
}

/** The value of a VARIANT, by what its stored value and its JSON become. */
export function eitherOf(variant: Variant, stored: unknown, json: unknown, context: Pick<Context, 'sdk'>): unknown {
  if (stored === undefined || json === undefined) return stored ?? json
  const { stored: kept, other } = variant
  if (kept === undefined || other === undefined) return call('coalesce', stored, json)
  return filled(
    'case when $1 is null and $2 is not null then $3 else $4 end',
    [kept.node, other, json, stored],
    context,
  )
}

/** A column's name as messages show it. */
function textOf(node: unknown): string {
  const [kind, content] = kindOf(node) ?? ['', {}]
  const before = kind === 'dot' ? textOf(content['this']) : (partWritten(content['table'])?.text ?? '')
  const part = kind === 'dot' ? content['field'] : content['name']
  const own = isNode(part) ? (partWritten(part)?.text ?? '') : ''
  return before === '' ? own : `${before}.${own}`
}
