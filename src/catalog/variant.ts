import { type DuckDBConnection, DuckDBStructType, type DuckDBType } from '@duckdb/node-api'
import { identifier, literal } from '../engines/duckdb.ts'

/** The fields of a VARIANT column's struct: the engine's type by key, in their order. */
export type VariantFields = ReadonlyMap<string, string>

/** The field for values that have no room in a field of their own: a JSON object of them, by key. */
export const otherField = '$other'

/** Fields of one column at most: what hostile files bring beyond them stands in `$other`. */
export const MAX_FIELDS = 1000

/** The VARIANT columns of a stored table that have had a value, with their fields. */
export async function readVariantFields(
  connection: DuckDBConnection,
  table: string,
): Promise<Map<string, VariantFields>> {
  const empty = await connection.runAndReadAll(`select * from lake.${identifier(table)} limit 0`)
  const found = new Map<string, VariantFields>()
  for (const [index, name] of empty.columnNames().entries()) {
    const type = empty.columnType(index)
    if (type instanceof DuckDBStructType)
      found.set(name, new Map(type.entryNames.map((key, at) => [key, typeName(type.entryTypes[at])])))
  }
  return found
}

/** The engine's name of a type. JSON is another one of VARCHAR. */
export function typeName(type: DuckDBType | undefined): string {
  return type?.alias ?? String(type)
}

/** A value of a file's record: its key, its type as a field has it (see `fieldType`), and SQL that gives it. */
export interface VariantSource {
  readonly key: string
  readonly type: string
  readonly sql: string
}

/** How a file's records go into a VARIANT column. */
export interface VariantPlan {
  /** The fields that the column has then. */
  readonly fields: VariantFields
  readonly isWider: boolean
  /** SQL of the column's value. */
  readonly sql: string
}

/**
 * Gives each key the field it has, or a new one; a value of another type than its field goes to `$other`, as does a key that differs from a field's
 * by case alone, since the engine does not tell those apart. A key can have several sources, of which a record has a value in one: a new field takes the type of
 * the first. `others` is SQL of further members for `$other`: the text of a JSON object without its braces, or NULL.
 */
export function planVariant(
  known: VariantFields | undefined,
  sources: readonly VariantSource[],
  others?: string,
): VariantPlan {
  const fields = new Map(known)
  const folded = new Map([...fields.keys()].map((key) => [key.toLowerCase(), key]))
  const own = new Map<string, string[]>()
  const members = others === undefined ? [] : [others]
  for (const source of sources) {
    const { key, type } = source
    const owner = folded.get(key.toLowerCase())
    if (owner === undefined && key !== '' && key.toLowerCase() !== otherField && fields.size < MAX_FIELDS) {
      fields.set(key, type)
      folded.set(key.toLowerCase(), key)
    }
    const field = key === otherField ? undefined : fields.get(key)
    const fit = field === undefined ? undefined : fitted(field, source)
    if (fit !== undefined) own.set(key, [...(own.get(key) ?? []), fit.sql])
    if (fit === undefined || fit.rest !== undefined)
      members.push(memberSql({ ...source, sql: fit?.rest ?? source.sql }))
  }
  if (members.length > 0 || own.size === 0) fields.set(otherField, 'JSON')
  const parts = [...own].map(([key, values]) => `${identifier(key)} := ${coalesced(values)}`)
  if (fields.has(otherField)) parts.push(`${identifier(otherField)} := ${objectSql(members)}`)
  return { fields, isWider: fields.size > (known?.size ?? 0), sql: `struct_pack(${parts.join(', ')})` }
}

/** What a field takes of values of a type, and what it does not. Numbers go where they stay the same. */
function fitted(
  field: string,
  { type, sql }: VariantSource,
): { readonly sql: string; readonly rest?: string } | undefined {
  if (field === type) return { sql }
  if (type !== 'BIGINT') return undefined
  if (field === 'HUGEINT') return { sql: `${sql}::hugeint` }
  const isExact = `${sql} between -9007199254740992 and 9007199254740992`
  return field === 'DOUBLE'
    ? { sql: `case when ${isExact} then ${sql}::double end`, rest: `case when not (${isExact}) then ${sql} end` }
    : undefined
}

function coalesced(values: readonly string[]): string {
  return values.length === 1 ? (values[0] ?? '') : `coalesce(${values.join(', ')})`
}

/** A member of a JSON object, as text; NULL without a value. */
function memberSql({ key, type, sql }: VariantSource): string {
  // Reading JSON again would lose digits.
  return `${literal(`${JSON.stringify(key)}:`)} || ${type === 'JSON' ? `(${sql})` : `to_json(${sql})`}::varchar`
}

/** A JSON object of the members that are there; NULL when none is. */
function objectSql(members: readonly string[]): string {
  if (members.length === 0) return 'null::json'
  const list = `concat_ws(',', ${members.join(', ')})`
  return `case when ${list} <> '' then ('{' || ${list} || '}')::json end`
}

/** The type of a field that takes values of one of the engine's types. */
export function fieldType(type: string): string {
  if (/^(U?(TINY|SMALL)INT|U?INTEGER|BIGINT)$/.test(type)) return 'BIGINT'
  if (/^(UBIGINT|HUGEINT|UHUGEINT)$/.test(type)) return 'HUGEINT'
  if (/^(FLOAT|DOUBLE)$/.test(type)) return 'DOUBLE'
  if (/^(VARCHAR|BOOLEAN|DATE|JSON)$/.test(type) || type.startsWith('DECIMAL(')) return type
  if (/^(BLOB|UUID|TIME|TIME WITH TIME ZONE|INTERVAL|TIME_NS)$/.test(type) || type.startsWith('ENUM(')) return 'VARCHAR'
  if (type.startsWith('TIMESTAMP')) return 'TIMESTAMP'
  return 'JSON'
}

/** SQL of a value, in its field's type. */
export function fieldSql(type: string, sql: string): string {
  const field = fieldType(type)
  if (field === 'JSON') return `to_json(${sql})`
  return field === type ? sql : `${sql}::${field}`
}
