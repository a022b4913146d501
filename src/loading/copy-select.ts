import type { DuckDBConnection } from '@duckdb/node-api'
import type { UserColumn } from '../catalog/user-tables.ts'
import { type VariantFields, typeName } from '../catalog/variant.ts'
import { identifier } from '../engines/duckdb.ts'
import { MillraceError, messageOf } from '../errors.ts'
import { type ColumnValue, typedValue, variantValue } from './copy-columns.ts'
import type { CopySelect, CopyTarget, SelectedValue } from './copy-target.ts'

/** The columns that every file has for a SELECT besides its fields, with their types. Snowflake's manual, "Query metadata for staged files". */
export const factColumns = {
  METADATA$FILENAME: 'VARCHAR',
  METADATA$FILE_ROW_NUMBER: 'BIGINT',
  METADATA$FILE_CONTENT_KEY: 'VARCHAR',
  METADATA$FILE_LAST_MODIFIED: 'TIMESTAMP',
  METADATA$START_SCAN_TIME: 'TIMESTAMP WITH TIME ZONE',
} as const

/** How the field of that number is called. */
export function fieldName(number: number): string {
  return `$${number}`
}

/** SQL of what is known of a record's file, as columns; `rowNumber` is SQL, and `o` the facts of files. */
export function factsSql(rowNumber: string): string {
  const values: Readonly<Record<keyof typeof factColumns, string>> = {
    METADATA$FILENAME: 'o.filename',
    METADATA$FILE_ROW_NUMBER: rowNumber,
    METADATA$FILE_CONTENT_KEY: 'o.content_key',
    METADATA$FILE_LAST_MODIFIED: 'o.last_modified',
    METADATA$START_SCAN_TIME: 'current_timestamp',
  }
  return Object.entries(values)
    .map(([name, sql]) => `, ${sql} as ${identifier(name)}`)
    .join('')
}

/** A value and its type in the engine. */
interface TypedSelection extends SelectedValue {
  readonly type: string
}

/** The types of what is selected. Throws where an expression names what files do not have, or gives what its column cannot take. */
export async function readSelection(connection: DuckDBConnection, target: CopyTarget): Promise<TypedSelection[]> {
  const { select, format } = target
  if (select === undefined) return []
  const type = format.type === 'CSV' ? 'varchar' : 'json'
  const fields = Array.from({ length: select.fields }, (_, index) => [fieldName(index + 1), type])
  const columns = [...fields, ...Object.entries(factColumns)].map(
    ([name = '', of = '']) => `null::${of} as ${identifier(name)}`,
  )
  const typed: TypedSelection[] = []
  for (const value of select.values) {
    const found = await typeOf(connection, value, columns)
    const column = target.columns.find(({ name }) => name === value.column)
    if (column?.type === undefined && value.form !== 'record' && found !== 'JSON' && found !== '"NULL"')
      throw new MillraceError(
        'STATEMENT_FAILED',
        `${value.text} is no VARIANT, and fills the column ${value.column}, which is one; select an object, or name another column`,
      )
    typed.push({ ...value, type: found })
  }
  return typed
}

async function typeOf(connection: DuckDBConnection, value: SelectedValue, columns: readonly string[]): Promise<string> {
  try {
    const list = columns.join(', ')
    const reader = await connection.runAndReadAll(`select ${value.sql} from (select ${list}) r limit 0`)
    return typeName(reader.columnType(0))
  } catch (error) {
    const [said = ''] = messageOf(error).split('\n')
    throw new MillraceError('STATEMENT_FAILED', `${value.text} cannot be selected from files: ${said}`, error)
  }
}

/** What is selected, as values of the table's columns; `record` gives those that take whole records. */
export async function selectedValues(
  connection: DuckDBConnection,
  target: CopyTarget,
  variants: ReadonlyMap<string, VariantFields>,
  record: (column: UserColumn) => readonly ColumnValue[],
): Promise<ColumnValue[]> {
  const selection = await readSelection(connection, target)
  return selection.flatMap((value): readonly ColumnValue[] => {
    const column = target.columns.find(({ name }) => name === value.column)
    if (column === undefined) return []
    if (value.form === 'record') return record(column)
    // Within a lambda, since the engine works out beforehand what stands twice in a statement, also within TRY. A list tells NULL from an error.
    const attempt = `try(list_transform([1], lambda _: ${value.sql}))`
    const sql = value.form === 'expression' ? `${attempt}[1]` : value.sql
    const made =
      column.type === undefined
        ? objectValue(column, variants.get(column.name), sql)
        : typedValue(column, asText(column.type, value.type, sql), plainForms(target, value))
    if (value.form !== 'expression') return [made]
    const reason = `NOT_COMPUTED ${column.name}: ${value.text} fails for this record`
    return [{ ...made, faults: [{ when: `${attempt} is null`, reason }, ...made.faults] }]
  })
}

/** Texts of files are read by their format; other values have no text form of theirs. */
function plainForms(target: CopyTarget, { form }: SelectedValue): Pick<CopyTarget, 'forms' | 'truncates'> {
  return form === 'field' ? target : { truncates: target.truncates, forms: { binary: 'HEX' } }
}

/** A value for a column that has a type: a VARIANT is the text it holds, and text is written as Snowflake writes it. */
function asText(type: string, found: string, sql: string): { readonly type: string; readonly sql: string } {
  if (found === '"NULL"') return { type: 'VARCHAR', sql: 'null::varchar' }
  if (found === 'JSON' && type !== 'json') return { type: 'VARCHAR', sql: `snowflake_once_json_text(${sql})` }
  if (type === 'varchar' && /^(DOUBLE|FLOAT|TIMESTAMP|BLOB)$/.test(found))
    return { type: 'VARCHAR', sql: `snowflake_once_varchar(${sql})` }
  return { type: found, sql }
}

/** An object whose keys nobody knows: all of it stands among the values without a field. */
function objectValue(column: UserColumn, known: VariantFields | undefined, sql: string): ColumnValue {
  const text = `(${sql})::varchar`
  const given = `nullif(json_type(${sql}) = 'OBJECT', false)`
  const value = variantValue(column, known, [], { others: `substr(${text}, 2, length(${text}) - 2)`, given })
  const reason = `NOT_OBJECT ${column.name}: a column of type VARIANT takes objects`
  return { ...value, faults: [{ when: `json_type(${sql}) not in ('OBJECT', 'NULL')`, reason }, ...value.faults] }
}

/** Whether records must be kept as they were read: any of these values may make a reject of one. */
export function canReject({ values }: CopySelect, columns: readonly UserColumn[], truncates: boolean): boolean {
  return values.some(({ column: name, form }) => {
    const column = columns.find((one) => one.name === name)
    if (form === 'expression' || column?.notNull === true) return true
    if (form === 'record' || column === undefined) return false
    if (column.type === 'varchar') return column.length !== undefined && !truncates
    return form !== 'now' || !/^(timestamp|timestamptz|date)$/.test(column.type ?? '')
  })
}
