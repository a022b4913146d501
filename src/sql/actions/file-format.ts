import { failed } from '../execution/failure.ts'
import { keyOf, shownName } from '../execution/names.ts'
import { find } from '../execution/plan.ts'
import type { FileFormat, FileFormatReference } from '../statement/file-format.ts'
import type { ActionContext } from './action.ts'
import type { StageTarget } from './stage-access.ts'

/** The file format of a COPY: its own, else the stage's, else CSV. */
export function fileFormatFor(
  own: FileFormatReference | undefined,
  { object, definition }: Pick<StageTarget, 'object' | 'definition'>,
  { objects, session }: Pick<ActionContext, 'objects' | 'session'>,
): FileFormat {
  const reference = own ?? definition.options.fileFormat
  if (reference === undefined) return { type: 'CSV', options: {} }
  if (reference.form === 'inline') return reference.format
  // A stage names a format of its own schema without it.
  const scope = own === undefined ? { ...session, database: object.database, schema: object.schema } : session
  const key = keyOf('FILE FORMAT', 'schema', reference.name, scope)
  const format = find(objects, key)
  if (format?.definition.kind === 'create-file-format') return format.definition.format
  throw failed(`File format ${shownName(key)} does not exist; make it with CREATE FILE FORMAT`)
}
