import type { CatalogObject } from '../../catalog/objects.ts'
import { identifier } from '../../engines/duckdb.ts'
import type { CreateView } from '../statements/view.ts'
import { engineText } from './engine-tree.ts'
import { type MadeSql, type Making, engineNameOf, treeOfQuery } from './made-sql.ts'

/** A view of the engine. */
export async function viewSql(object: CatalogObject, { body, columns }: CreateView, making: Making): Promise<MadeSql> {
  const tree = await treeOfQuery(object, body, making)
  const list = columns === undefined ? '' : ` (${columns.map(({ name }) => identifier(name.text)).join(', ')})`
  return { statements: [`create view ${engineNameOf(object)}${list} as ${await engineText(making.connection, tree)}`] }
}
