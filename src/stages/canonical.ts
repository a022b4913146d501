import { realpathSync } from 'node:fs'
import { fileURLToPath } from 'node:url'

/** What the URIs of a stage's objects begin with: `s3://bucket/folder/`, or a folder's real path. */
export function canonicalUrl(url: string): string {
  if (!url.startsWith('file:')) return url.replace(/^s3(gov|china|compat):/, 's3:')
  const path = realpathSync(fileURLToPath(url))
  return path.endsWith('/') ? path : `${path}/`
}
