import type { Keeping } from '../aws/put-object.ts'
import type { S3Writer } from '../aws/s3-writer.ts'
import { MillraceError, messageOf } from '../errors.ts'
import type { S3Location } from './s3.ts'
import type { StageWriter } from './writer.ts'

/** How what is written is to be kept, and who pays for it. */
export interface S3WriterTerms extends Keeping {
  readonly requesterPays?: boolean | undefined
}

/** Changes what is below a folder of a bucket. */
export function openS3Writer({ bucket, path: start }: S3Location, writer: S3Writer, terms: S3WriterTerms): StageWriter {
  const root = `s3://${bucket}/`
  const folder = start === '' || start.endsWith('/') ? start : `${start}/`
  return {
    uriOf: (path) => `${root}${folder}${path}`,
    put: async (file, path, signal) => {
      await writer.putFile({
        ...terms,
        bucket,
        key: `${folder}${path}`,
        path: file,
        contentType: typeOf(path),
        signal,
      })
    },
    remove: async (uris, signal) => {
      const keys = uris.map((uri) => uri.slice(root.length))
      const faults = await writer.deleteObjects({ bucket, keys, requesterPays: terms.requesterPays, signal })
      return new Map([...faults].map(([key, fault]) => [`${root}${key}`, faultOf(`${root}${key}`, fault)]))
    },
  }
}

function typeOf(path: string): string {
  if (path.endsWith('.parquet')) return 'application/vnd.apache.parquet'
  if (/\.(?:gz|deflate|br|raw_deflate)$/.test(path)) return 'application/octet-stream'
  return path.endsWith('.json') ? 'application/x-ndjson' : 'text/csv'
}

function faultOf(uri: string, fault: unknown): MillraceError {
  return fault instanceof MillraceError
    ? fault
    : new MillraceError('INTERNAL', `${uri} could not be deleted (${messageOf(fault)}). Try again.`, fault)
}
