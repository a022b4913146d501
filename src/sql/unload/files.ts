import { isDiskFull } from '../../engines/duckdb.ts'
import { MillraceError, systemCodeOf } from '../../errors.ts'
import { failed } from '../execution/failure.ts'
import { writeParquet } from './parquet-files.ts'
import { writeText } from './text-files.ts'
import type { Unload, WrittenFile } from './unload.ts'

/** Writes a query's rows into files of the spool; none where there are no rows. Memory is bounded for any number of rows. */
export async function writeFiles(unload: Unload): Promise<WrittenFile[]> {
  const { writing, isSingle, maxBytes } = unload
  const files = await (writing.form === 'parquet' ? writeParquet(unload, writing) : writeText(unload, writing)).catch(
    (error: unknown) => {
      if (systemCodeOf(error) !== 'ENOSPC' && !isDiskFull(error)) throw error
      throw new MillraceError(
        'DISK_FULL',
        'No space is left to write the rows into the spool. Free some, and try again.',
        error,
      )
    },
  )
  const [only] = files
  if (isSingle && only !== undefined && only.outputBytes > maxBytes)
    throw failed(
      `the one file has ${only.outputBytes} bytes, more than MAX_FILE_SIZE = ${maxBytes}; raise it, or leave SINGLE out`,
    )
  return files
}
