import type { S3Writer } from '../aws/s3-writer.ts'
import { MillraceError, messageOf } from '../errors.ts'
import type { S3Location } from './s3.ts'
import type { StageWriter } from './writer.ts'

/** Changes what is below a folder of a bucket. */
export function openS3Writer({ bucket }: S3Location, writer: S3Writer): StageWriter {
  const root = `s3://${bucket}/`
  return {
    remove: async (uris, signal) => {
      const keys = uris.map((uri) => uri.slice(root.length))
      const faults = await writer.deleteObjects({ bucket, keys, signal })
      return new Map([...faults].map(([key, fault]) => [`${root}${key}`, faultOf(`${root}${key}`, fault)]))
    },
  }
}

function faultOf(uri: string, fault: unknown): MillraceError {
  return fault instanceof MillraceError
    ? fault
    : new MillraceError('INTERNAL', `${uri} could not be deleted (${messageOf(fault)}). Try again.`, fault)
}
