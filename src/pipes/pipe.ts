import type { Reading } from '../loads.ts'
import type { ErrorRule } from '../loading/error-rule.ts'
import type { OnChange } from '../api.ts'
import type { Access } from '../aws/aws.ts'

/** What tells a pipe from all others, in parts and as one text: `MILLRACE.PUBLIC.FLOW`. */
export interface PipeName {
  readonly database: string
  readonly schema: string
  readonly name: string
}

export function pipeText({ database, schema, name }: PipeName): string {
  return `${database}.${schema}.${name}`
}

/** A pipe as the catalog has it, with all that its statement names looked up. */
export interface Pipe extends PipeName {
  /** The stage's place, such as `s3://bucket/folder/`, and what its objects' names begin with behind it. */
  readonly url: string
  readonly prefix: string
  readonly access: Access
  /** Whether the pipe's COPY takes an object. */
  readonly matches: (uri: string) => boolean
  readonly reading: Reading
  readonly onError: ErrorRule
  /** What becomes of objects that change after they were loaded; the stage's own rule where it is not said. */
  readonly onChange: OnChange | undefined
  readonly isPaused: boolean
  /** Loads by itself: by messages of its queue, by what the folder tells, and by listing. */
  readonly autoIngest: boolean
  readonly queueUrl: string | undefined
  readonly queueArn: string | undefined
  /** Seconds between two listings. */
  readonly reconcileSeconds: number
  /** Epoch milliseconds: objects modified earlier are left to REFRESH. */
  readonly startMs: number | undefined
  /** Epoch milliseconds of the last listing of everything. */
  readonly listedMs: number | undefined
  /** Another one where anything that the catalog says of it is another. */
  readonly signature: string
}

/** A pipe that cannot run, and why: its table is gone, say. */
export interface BrokenPipe extends PipeName {
  readonly reason: string
}
