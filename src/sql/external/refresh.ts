import type { CatalogObject } from '../../catalog/objects.ts'
import type { ObjectOutcome } from '../../loading/stage-load.ts'
import { identifier } from '../../engines/duckdb.ts'
import { onConnection, type ScriptLake } from '../execution/script-lake.ts'
import { shownName } from '../execution/names.ts'
import { type ExternalTable, externalTables, targetOf } from './external-table.ts'
import { readPartitions } from './partition-store.ts'
import { placesOf, stageOf } from './places.ts'

/** What bringing external tables up to date needs of a lake. */
export type RefreshingLake = Pick<ScriptLake, 'engine' | 'objects' | 'load' | 'stages' | 'now'>

/**
 * Brings the external tables that a statement may read up to date: loads what lies in their places and history does not hold, once. What is
 * read is told by names alone, also through views, so a table may be looked at that is not needed. Returns what a reader should know.
 */
export async function refreshExternal(
  lake: RefreshingLake,
  text: string,
  signal?: AbortSignal,
): Promise<readonly string[]> {
  const notices: string[] = []
  for (const table of mentioned(text, await lake.objects())) notices.push(...(await refreshTable(lake, table, signal)))
  return notices
}

/** External tables that a text names, or a view that it names. */
function mentioned(text: string, objects: readonly CatalogObject[]): ExternalTable[] {
  const tables = externalTables(objects)
  if (tables.length === 0) return []
  const texts = [text.toLowerCase()]
  const views = new Map(
    objects.flatMap(({ name, definition }) =>
      definition.kind === 'create-view' ? [[name.toLowerCase(), definition.body.text.toLowerCase()] as const] : [],
    ),
  )
  for (const one of texts)
    for (const [name, body] of views)
      if (isNamed(name, one)) {
        views.delete(name)
        texts.push(body)
      }
  return tables.filter(({ object }) => texts.some((one) => isNamed(object.name.toLowerCase(), one)))
}

const wordPart = /[\p{L}\p{N}_]/u

/** Whether a text has a name that is no part of a longer one. */
function isNamed(name: string, text: string): boolean {
  for (let at = text.indexOf(name); at >= 0; at = text.indexOf(name, at + 1))
    if (!wordPart.test(text.charAt(at - 1)) && !wordPart.test(text.charAt(at + name.length))) return true
  return false
}

async function refreshTable(lake: RefreshingLake, table: ExternalTable, signal?: AbortSignal): Promise<string[]> {
  const partitions = await onConnection(lake.engine, (connection) => readPartitions(connection, table.name))
  const places = placesOf(table, partitions, lake.now())
  const stage = await stageOf(places, lake.stages)
  const outcomes: ObjectOutcome[] = []
  const { failed_files: failed, faults } = await lake.load(
    stage,
    { into: targetOf(table, (uri) => places.valuesOf(uri) ?? []) },
    {
      onError: 'continue',
      onChange: 'replace',
      force: false,
      signal,
      onObjects: (given) => outcomes.push(...given),
    },
  )
  const name = shownName(table.object)
  const [first] = faults
  const notRead =
    failed === 0 ? [] : [`${failed} files of ${name} could not be read: ${first?.message ?? 'see load history'}`]
  return [...notRead, ...(await unmatched(lake, table, outcomes))]
}

/** Lines that a pattern did not match are rows without a value, which only counting shows. */
async function unmatched(
  { engine }: RefreshingLake,
  { object, definition, external, name }: ExternalTable,
  outcomes: readonly ObjectOutcome[],
): Promise<string[]> {
  const files = outcomes.flatMap((one) => (one.status === 'skipped' || one.rows === 0 ? [] : [one.file_id]))
  if (external.layout.type !== 'regex' || files.length === 0) return []
  const isEmpty = definition.columns.map((column) => `${identifier(column.name.text)} is null`).join(' and ')
  const rows = await onConnection(engine, async (connection) => {
    const reader = await connection.runAndReadAll(
      `select count(*) from lake.${identifier(name)} where _file_id in (${files.join(', ')}) and ${isEmpty}`,
    )
    return Number(reader.getRows()[0]?.[0])
  })
  if (rows === 0) return []
  return [`${rows} lines of ${shownName(object)} do not match its input.regex; their columns are NULL.`]
}
