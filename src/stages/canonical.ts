import { realpathSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { MillraceError } from '../errors.ts'

/** What the URIs of a stage's objects begin with: `s3://bucket/folder/`, or a folder's real path. Throws SOURCE_MISSING for a folder that is not there. */
export function canonicalUrl(url: string): string {
  if (!url.startsWith('file:')) return url.replace(/^s3(gov|china|compat):/, 's3:')
  const path = realPath(fileURLToPath(url))
  return path.endsWith('/') ? path : `${path}/`
}

function realPath(path: string): string {
  try {
    return realpathSync(path)
  } catch (error) {
    throw new MillraceError('SOURCE_MISSING', `${path} is not there, or cannot be read. Make the folder.`, error)
  }
}
