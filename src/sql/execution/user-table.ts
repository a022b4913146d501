import { engineType, isVariant, lengthLimit } from '../../catalog/column-type.ts'
import type { CatalogObject, ObjectKey } from '../../catalog/objects.ts'
import type { UserColumn, UserTable } from '../../catalog/user-tables.ts'
import { MillraceError } from '../../errors.ts'
import type { Dialect } from '../dialects.ts'
import { translate } from '../translate.ts'
import { externalColumns } from '../external/columns.ts'
import { engineSchema, fold } from './names.ts'

/** Where the engine has a table of the catalog: its names there are in lower case. */
export function userTableOf({ database, schema, name }: ObjectKey): UserTable {
  return { schema: engineSchema(database, schema), name: name.toLowerCase() }
}

/** The columns of a table of the catalog, as the engine is told of them. */
export async function columnsOf({ definition }: CatalogObject, dialect: Dialect): Promise<UserColumn[]> {
  if (definition.kind !== 'create-table')
    throw new MillraceError('INTERNAL', `A statement of kind ${definition.kind} was taken for a table.`)
  if (definition.external !== undefined) return externalColumns(definition.columns, definition.external)
  return Promise.all(
    definition.columns.map(async ({ name, type, notNull, default: value }) => ({
      // The engine keeps names as they are, and compares them without regard to case.
      name: name.quoted ? name.text : name.text.toLowerCase(),
      exactName: fold(name),
      type: isVariant(type) ? undefined : engineType(type),
      length: lengthLimit(type),
      notNull,
      default: value === undefined ? undefined : await expressionIn(value, dialect),
    })),
  )
}

async function expressionIn(text: string, dialect: Dialect): Promise<string> {
  const { sql } = await translate(`select ${text}`, dialect)
  return sql.replace(/^select\s+/i, '')
}
