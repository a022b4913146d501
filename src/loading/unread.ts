import { archived } from '../aws/get-object.ts'
import { isBuiltIn } from '../catalog/user-tables.ts'
import { MillraceError } from '../errors.ts'
import type { StageObject } from '../stages/stage.ts'
import { LoadTransaction } from './commit.ts'
import type { ErrorRule } from './error-rule.ts'
import { type HistoryRow, type KnownObject, insertHistory } from './history.ts'
import type { BatchOutcome } from './load-batch.ts'
import type { PlannedObject } from './plan.ts'
import type { ReadSettings } from './started-batch.ts'
import type { Writer } from './writer.ts'

/** Notes in history what is planned to be left unread: objects that changed, and such as are archived. Those are faults of theirs. */
export async function noteUnread(
  planned: readonly PlannedObject[],
  known: ReadonlyMap<string, readonly KnownObject[]>,
  { writer, settings }: { readonly writer: Writer; readonly settings: ReadSettings },
  onError: ErrorRule,
): Promise<BatchOutcome> {
  const unread = planned.filter(({ action }) => action === 'hold' || action === 'archived')
  if (unread.length === 0) return { rows: [], faults: [], retry: [] }
  const rows = unread.map(({ object, action }): HistoryRow => {
    const fileId = writer.nextFileId()
    if (action === 'archived') return archivedRow(object, fileId)
    const table = known.get(object.uri)?.find(({ tableName }) => tableName !== null)?.tableName ?? null
    return changedRow(object, fileId, table)
  })
  const faults = rows.flatMap(({ uri, status, code, error }) =>
    status === 'failed' ? [{ file: uri, code: code ?? 'INTERNAL', message: error ?? '' }] : [],
  )
  const [first] = faults
  if (onError === 'abort' && first !== undefined)
    throw new MillraceError('LINE_REJECTED', `${first.message} Nothing of this load was kept (--on-error abort).`)
  await writer.rowTransaction(async (connection) => {
    const load = new LoadTransaction(connection, writer, settings)
    await load.retire(unread.flatMap(({ retires }) => retires))
    await insertHistory(connection, settings.spool, rows, load.loadId, settings.pipe)
  })
  return { rows, faults, retry: [] }
}

const nothing = { lines: 0, rows: 0, rejects: 0, skipped: 0, format: null }

function changedRow({ uri, version, size }: StageObject, fileId: number, table: string | null): HistoryRow {
  return {
    ...nothing,
    file_id: fileId,
    table_name: table,
    uri,
    version,
    status: 'changed',
    bytes: size,
    code: 'FILE_CHANGED',
    error: `${uri} changed after it was loaded. Its earlier rows stay; ${remedyFor(table)}.`,
  }
}

function remedyFor(table: string | null): string {
  return table !== null && !isBuiltIn(table)
    ? 'COPY INTO its table takes the new content beside them'
    : 'take the new content with "millrace load --accept-change"'
}

function archivedRow({ uri, version, size, archive }: StageObject, fileId: number): HistoryRow {
  const { code, message } = archived(uri, archive?.storageClass)
  return {
    ...nothing,
    file_id: fileId,
    table_name: null,
    uri,
    version,
    status: 'failed',
    bytes: size,
    code,
    error: message,
  }
}
