import { MillraceError } from '../../errors.ts'
import { failed } from '../execution/failure.ts'
import { formatOptions, formatRows } from '../execution/format-properties.ts'
import { changedOptions, objectKind } from '../execution/object-kind.ts'
import { outcomeOf } from '../execution/plan.ts'
import { parseStatement } from '../script.ts'
import { printLines, printCreation } from '../statement/create.ts'
import { printOptions } from '../statement/options.ts'
import { type AlterFileFormat, type CreateFileFormat, alterable } from '../statements/file-format.ts'

/** Which options there are depends on the type, which ALTER does not say: so it is read as CREATE would be. */
function altered(definition: CreateFileFormat, change: AlterFileFormat['change'], name: string): CreateFileFormat {
  const { format, comment } = definition
  const before = { ...format.options, ...(comment === undefined ? {} : { comment }) }
  const options = printOptions(alterable, changedOptions(before, change))
  const sql = printLines(printCreation('FILE FORMAT', definition), [`TYPE = ${format.type}`, ...options])
  try {
    const statement = parseStatement(sql)
    if (statement.kind === 'create-file-format') return statement
  } catch (error) {
    if (!(error instanceof MillraceError)) throw error
    throw failed(`File format ${name} cannot be changed so: ${error.message.replace(/^line \d+: /, '')}`)
  }
  throw new MillraceError('INTERNAL', `The file format ${name} was printed as another statement.`)
}

/** Snowflake's manual, FILE FORMAT: how files of a stage are read. */
export const fileFormat = objectKind({
  type: 'FILE FORMAT',
  title: 'File format',
  level: 'schema',
  creates: 'create-file-format',
  alters: 'alter-file-format',
  unsupported: (statement) =>
    statement.kind === 'create-file-format' && statement.temporary
      ? 'there are no temporary file formats; leave TEMPORARY out, and DROP it when it is done with'
      : undefined,
  alter: (definition, { change }, { name }) => ({ definition: altered(definition, change, name) }),
  describe: ({ format }) =>
    outcomeOf(['property', 'property_type', 'property_value', 'property_default'], formatRows(format)),
  columns: [
    'created_on TIMESTAMP',
    'name',
    'database_name',
    'schema_name',
    'type',
    'owner',
    'comment',
    'format_options',
  ],
  row: ({ format, comment }, { createdAt, name, database, schema }) => [
    createdAt,
    name,
    database,
    schema,
    format.type,
    null,
    comment ?? null,
    formatOptions(format),
  ],
})
