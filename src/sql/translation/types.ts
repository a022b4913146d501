import { conversionIn } from './casts.ts'
import { type ColumnType, isVariant, plainType } from './column-type.ts'
import type { Context } from './context.ts'
import { engineType } from './conversion-sql.ts'
import { columnPath } from './paths.ts'
import { columnNamed } from './scope.ts'
import { type Node, kindOf, withoutBrackets } from './tree.ts'

/** Kinds of expressions whose type does not depend on what is in them. */
const types: Readonly<Record<string, string>> = Object.fromEntries(
  Object.entries({
    BOOLEAN:
      'and or not eq neq lt lte gt gte between in is_null is_true is_false like i_like exists boolean starts_with contains',
    VARCHAR: 'concat upper lower substring trim list_agg',
    BIGINT: 'count length str_position approx_distinct row_number rank dense_rank',
  }).flatMap(([type, kinds]) => kinds.split(' ').map((kind) => [kind, type])),
)

/** The type of an expression, as far as it can be told without the engine. */
export function typeOf(expression: unknown, context: Context): ColumnType {
  const node = withoutBrackets(expression)
  const path = columnPath(node)
  if (path !== undefined) return columnNamed(path, context.scope)
  const [kind, content] = kindOf(node) ?? ['', {}]
  if (kind === 'j_s_o_n_extract') return { form: 'json' }
  if (kind === 'subscript') return isVariant(typeOf(content['this'], context)) ? { form: 'json' } : plainType
  const conversion = context.dialect === 'snowflake' ? conversionIn(kind, content, context) : undefined
  if (conversion !== undefined) return plain(engineType(conversion.type).toUpperCase())
  if (kind === 'literal') return plain(literalType(content))
  if (kind === 'neg') return typeOf(content['this'], context)
  if (kind === 'add' || kind === 'sub' || kind === 'mul')
    return plain(numberType(typeName(content['left'], context), typeName(content['right'], context)))
  return plain(types[kind] ?? '')
}

/** The name of that type in the engine; '' where it is not known. */
export function typeName(expression: unknown, context: Context): string {
  const type = typeOf(expression, context)
  if (type.form === 'json') return 'JSON'
  return type.form === 'plain' ? type.type : ''
}

function plain(type: string): ColumnType {
  return { form: 'plain', type }
}

function literalType(literal: Node): string {
  const { literal_type: form, value } = literal
  if (form === 'string') return 'VARCHAR'
  if (form === 'date' || form === 'timestamp') return form.toUpperCase()
  if (form !== 'number' || typeof value !== 'string') return ''
  if (/^\d+$/.test(value)) return 'BIGINT'
  return /e/i.test(value) ? 'DOUBLE' : 'DECIMAL'
}

/** What a sum or product of two numbers is; '' where one of them is none. */
function numberType(left: string, right: string): string {
  const both = [left, right]
  if (!both.every((type) => /INT|^(DECIMAL|DOUBLE|FLOAT)/.test(type))) return ''
  if (both.some((type) => /^(DOUBLE|FLOAT)$/.test(type))) return 'DOUBLE'
  return both.some((type) => type.startsWith('DECIMAL')) ? 'DECIMAL' : 'HUGEINT'
}
