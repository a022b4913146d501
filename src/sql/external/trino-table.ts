import type { ExternalDefinition } from '../statement/external-files.ts'
import type { FileLayout } from '../statement/row-format.ts'
import { headerLines, typeIn } from './columns.ts'
import { folderOf } from './places.ts'
import { type ProjectedColumn, projectionIn } from './projection.ts'

/** A text as Trino's SQL has it. */
export function trinoText(text: string): string {
  const quoted = text.replaceAll("'", "''")
  if (/^[ -~]*$/.test(text)) return `'${quoted}'`
  const escaped = quoted
    .replaceAll('\\', '\\\\')
    .replaceAll(/[^ -~]/gu, (character) => `\\+${(character.codePointAt(0) ?? 0).toString(16).padStart(6, '0')}`)
  return `U&'${escaped}'`
}

/** A name as Trino's SQL has it. */
export function trinoName(text: string): string {
  return `"${text.replaceAll('"', '""')}"`
}

/** The same external table for Trino's Hive connector: `CREATE TABLE … WITH (external_location = …)`. */
export function printTrinoTable({ name, ifNotExists, columns, options, external }: ExternalDefinition): string {
  const projection = projectionIn(external)
  const column = ({ name: { text }, type }: (typeof columns)[number]): string => {
    const one = projection?.columns.find((projected) => projected.name === text)
    const rules = one === undefined ? '' : ` WITH (${projectionProperties(one).join(', ')})`
    return `  ${trinoName(text)} ${typeIn('trino', type) ?? 'varchar'}${rules}`
  }
  const lines = external.layout.type === 'parquet' ? 0 : headerLines(external)
  const partitionedBy = external.partitionedBy.map(({ name: { text } }) => trinoText(text))
  const properties = [
    ...layoutProperties(external.layout),
    ...(lines === 0 ? [] : [`skip_header_line_count = ${lines}`]),
    `external_location = ${trinoText(folderOf(external.location))}`,
    ...(partitionedBy.length === 0 ? [] : [`partitioned_by = ARRAY[${partitionedBy.join(', ')}]`]),
    ...(projection === undefined
      ? []
      : [
          'partition_projection_enabled = true',
          `partition_projection_location_template = ${trinoText(projection.template)}`,
        ]),
  ]
  const comment = options.comment === undefined ? '' : `\nCOMMENT ${trinoText(options.comment)}`
  return `CREATE TABLE ${ifNotExists ? 'IF NOT EXISTS ' : ''}${name.map(({ text }) => trinoName(text)).join('.')} (
${[...columns, ...external.partitionedBy].map(column).join(',\n')}
)${comment}
WITH (
  ${properties.join(',\n  ')}
)`
}

function layoutProperties(layout: FileLayout): string[] {
  switch (layout.type) {
    case 'text':
      return [
        "format = 'TEXTFILE'",
        `textfile_field_separator = ${trinoText(layout.delimiter)}`,
        ...(layout.escape === undefined ? [] : [`textfile_field_separator_escape = ${trinoText(layout.escape)}`]),
        ...(layout.nullText === undefined ? [] : [`null_format = ${trinoText(layout.nullText)}`]),
      ]
    case 'regex':
      return [
        "format = 'REGEX'",
        `regex = ${trinoText(layout.regex)}`,
        ...(layout.ignoresCase ? ['regex_case_insensitive = true'] : []),
      ]
    case 'parquet':
      return ["format = 'PARQUET'"]
  }
}

/** Trino has no weeks. */
const units = { WEEKS: 'DAYS', YEARS: 'MONTHS' } as const
const lengths = { WEEKS: 7, YEARS: 12 } as const

function projectionProperties(column: ProjectedColumn): string[] {
  const list = (values: readonly string[]): string => `ARRAY[${values.map(trinoText).join(', ')}]`
  const type = `partition_projection_type = ${trinoText(column.type.toUpperCase())}`
  switch (column.type) {
    case 'enum':
      return [type, `partition_projection_values = ${list(column.values)}`]
    case 'integer':
      return [
        type,
        `partition_projection_range = ${list([String(column.min), String(column.max)])}`,
        `partition_projection_interval = ${column.interval}`,
        ...(column.digits === 0 ? [] : [`partition_projection_digits = ${column.digits}`]),
      ]
    case 'date': {
      const { unit } = column
      const isLonger = unit === 'WEEKS' || unit === 'YEARS'
      return [
        type,
        `partition_projection_format = ${trinoText(column.format)}`,
        `partition_projection_range = ${list([column.from, column.to])}`,
        `partition_projection_interval = ${column.interval * (isLonger ? lengths[unit] : 1)}`,
        `partition_projection_interval_unit = ${trinoText(isLonger ? units[unit] : unit)}`,
      ]
    }
    case 'injected':
      return [type]
  }
}
