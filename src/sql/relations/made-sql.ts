import type { DuckDBConnection } from '@duckdb/node-api'
import type { CatalogObject } from '../../catalog/objects.ts'
import { identifier } from '../../engines/duckdb.ts'
import { MillraceError, messageOf } from '../../errors.ts'
import { engineName, engineSchema } from '../execution/names.ts'
import { checkReading } from '../guard.ts'
import { failureIn } from '../place.ts'
import { translate } from '../translate.ts'
import type { Known } from '../translation/known.ts'
import { type EngineNode, engineTree } from './engine-tree.ts'
import { type Places, qualified } from './qualify.ts'
import { refuseStreams } from './stream-names.ts'

/** What views and macros are made with. */
export interface Making {
  readonly connection: DuckDBConnection
  /** The names that the text of an object means: those of its own schema. */
  readonly knownFor: (object: CatalogObject) => Known
  readonly placesFor: (object: CatalogObject) => Places
}

/** The statements of the engine that make an object, and one that shows that it can be used. */
export interface MadeSql {
  readonly statements: readonly string[]
  readonly check?: string
}

/** The name of an object in the engine, with its schema. */
export function engineNameOf({ database, schema, name }: CatalogObject, suffix = ''): string {
  return `${identifier(engineSchema(database, schema))}.${identifier(`${engineName(name)}${suffix}`)}`
}

/** The text that a statement brought, within a query that is put around it. */
export interface QueryText {
  readonly before?: string
  readonly text: string
  readonly after?: string
}

/** A query of an object as the engine's syntax tree, with every name told in full. Errors point into the text that was brought. */
export async function treeOfQuery(
  object: CatalogObject,
  { before = '', text, after = '' }: QueryText,
  making: Making,
): Promise<EngineNode> {
  const { connection } = making
  try {
    const { sql } = await translate(`${before}${text}${after}`, object.dialect, making.knownFor(object))
    await checkReading(connection, sql)
    const tree = qualified(await engineTree(connection, sql), making.placesFor(object))
    await refuseStreams(`${object.kind} ${object.name}`, tree, connection)
    return tree
  } catch (error) {
    throw failureOf(text, error, before.split('\n').length - 1)
  }
}

/** An error of the engine, told of the text that a statement brought, before which stand so many lines. */
export function failureOf(text: string, error: unknown, linesBefore = 0): unknown {
  const known = error instanceof MillraceError ? error : new MillraceError('SQL_FAILED', messageOf(error).trim(), error)
  if (known.place === undefined) return failureIn(text, known)
  const place = { line: known.place.line - linesBefore, column: known.place.column }
  // The parser says it too, as if nothing stood before.
  return new MillraceError(known.code, known.message.replace(/ at line \d+, column \d+/, ''), error, place)
}
