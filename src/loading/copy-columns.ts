import type { UserColumn } from '../catalog/user-tables.ts'
import { type VariantFields, type VariantPlan, type VariantSource, planVariant } from '../catalog/variant.ts'
import { literal } from '../engines/duckdb.ts'
import { type TextForms, fromText } from './from-text.ts'

/** What goes into a column of a table. */
export interface ColumnValue {
  readonly name: string
  readonly sql: string
  /** What makes a record a reject: SQL that is true then, and why. */
  readonly faults: readonly { readonly when: string; readonly reason: string }[]
  /** Of a VARIANT. */
  readonly variant?: VariantPlan & { readonly known: VariantFields | undefined }
}

/** What a file has for a column: SQL, its type as the engine reads it, and SQL that tells whether a record has it, where some may not. */
export interface FoundValue {
  readonly type: string
  readonly sql: string
  readonly given?: string | undefined
}

/** The value of a column that has a type; its default where the record has none. */
export function typedValue(
  { name, type = 'json', default: byDefault }: UserColumn,
  { type: found, sql: source, given }: FoundValue,
  forms: TextForms,
): ColumnValue {
  const isSame = found.toLowerCase() === type
  const sql = isSame ? source : found === 'VARCHAR' ? fromText(type, source, forms) : `try_cast(${source} as ${type})`
  const reason = `NOT_${type.replace(/\W.*/, '').toUpperCase()} ${name}: not a value of this type`
  return {
    name,
    sql: given === undefined || byDefault === undefined ? sql : `case when ${given} then ${sql} else ${byDefault} end`,
    faults: isSame ? [] : [{ when: `${source} is not null and (${sql}) is null`, reason }],
  }
}

/** The value of a column of type VARIANT. `given` is SQL that tells whether there is a record, where there may be none. */
export function variantValue(
  { name }: UserColumn,
  known: VariantFields | undefined,
  sources: readonly VariantSource[],
  { others, given }: { readonly others?: string | undefined; readonly given?: string | undefined } = {},
): ColumnValue {
  const variant = { ...planVariant(known, sources, others), known }
  return {
    name,
    sql: given === undefined ? variant.sql : `case when ${given} then ${variant.sql} end`,
    faults: [],
    variant,
  }
}

/** SQL that says why a record is no row; undefined where every record is. */
export function reasonOf(values: readonly ColumnValue[]): string | undefined {
  const cases = values.flatMap(({ faults }) => faults.map(({ when, reason }) => `when ${when} then ${literal(reason)}`))
  return cases.length === 0 ? undefined : `case ${cases.join(' ')} end`
}
