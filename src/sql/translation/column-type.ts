/** What a column is, as far as paths need it. */
export type ColumnType =
  /** A VARIANT that is stored as a STRUCT: its fields with their types. Values that are in no field are in `$other`, as JSON. */
  | { readonly form: 'object'; readonly fields: ReadonlyMap<string, string> }
  | { readonly form: 'json' }
  /** Any other; the type is '' where it is not known. */
  | { readonly form: 'plain'; readonly type: string }
  /** A column of something that nothing is known of. */
  | { readonly form: 'unknown' }

/** The field that holds what is in no other, as a JSON object. */
export const otherField = '$other'

export const plainType: ColumnType = { form: 'plain', type: '' }

/** A column by its type as the engine writes it: `STRUCT(bytes BIGINT, "odd key" VARCHAR)`, `JSON`, `DECIMAL(18,3)`. */
export function columnType(type: string): ColumnType {
  if (type === 'JSON') return { form: 'json' }
  if (!type.startsWith('STRUCT(') || type.endsWith(']')) return { form: 'plain', type }
  return { form: 'object', fields: new Map(fieldsIn(type.slice('STRUCT('.length, -1))) }
}

const fieldName = /\s*(?:"((?:[^"]|"")*)"|([^\s"]+))\s+/y

function fieldsIn(text: string): [name: string, type: string][] {
  const fields: [string, string][] = []
  let at = 0
  while (at < text.length) {
    fieldName.lastIndex = at
    const [all = '', quoted, plain = ''] = fieldName.exec(text) ?? []
    if (all === '') break
    const end = endOfType(text, at + all.length)
    fields.push([quoted?.replaceAll('""', '"') ?? plain, text.slice(at + all.length, end).trim()])
    at = end + 1
  }
  return fields
}

/** The offset of the comma behind a type, or the end; names and values within a type may be quoted. */
function endOfType(text: string, from: number): number {
  let depth = 0
  let quote = ''
  for (let at = from; at < text.length; at++) {
    const character = text[at] ?? ''
    if (quote !== '') {
      if (character === quote) quote = ''
    } else if (character === '"' || character === "'") quote = character
    else if (character === '(') depth += 1
    else if (character === ')') depth -= 1
    else if (character === ',' && depth === 0) return at
  }
  return text.length
}

export function isVariant({ form }: ColumnType): boolean {
  return form === 'object' || form === 'json'
}
