/** A pipe of a lake, reached by its name. Every call rejects with PIPE_MISSING where there is none of that name. */
export interface PipeHandle {
  details(): Promise<PipeDetails>
  /** Stops loading; what is announced meanwhile waits in the queue. */
  pause(): Promise<PipeDetails>
  resume(): Promise<PipeDetails>
  /** Loads what the stage holds and history does not, objects that were given up as well. */
  refresh(options?: RefreshOptions): Promise<PipeLoad>
  /** Tries the objects again that were given up, and no others. */
  retry(options?: { readonly signal?: AbortSignal | undefined }): Promise<PipeLoad>
  /** Makes the key with which Firehose posts to the pipe, in place of the one before. It is kept nowhere. */
  renewAccessKey(): Promise<AccessKey>
  /** What was given up, newest first. */
  parked(options?: { readonly limit?: number | undefined }): Promise<ParkedObject[]>
  /**
   * Has files loaded, as Snowpipe's REST API does (Snowflake's manual, "Snowpipe REST API"). Resolves once the request is kept; a running server then loads them. At
   * most 5,000 paths of at most 1,024 bytes, relative to what the pipe's COPY reads from.
   */
  insertFiles(files: readonly RequestedFile[], options?: InsertOptions): Promise<InsertAnswer>
  /** What the pipe has loaded in the last ten minutes, or since a mark: at most 10,000 files, the earliest first. */
  insertReport(options?: ReportOptions): Promise<InsertReport>
  /** What the pipe has loaded in a range of time: at most 10,000 files, the earliest first. */
  loadHistoryScan(options: ScanOptions): Promise<LoadHistoryScan>
}

/** What Firehose has to be told to post to a pipe. */
export interface AccessKey {
  readonly pipe: string
  /** Of the server's address. */
  readonly path: string
  readonly access_key: string
}

/** What is known of a pipe. Times are ISO 8601 in UTC. */
export interface PipeStatus {
  /** Database, schema and name. */
  readonly name: string
  /** `stopped` where no server runs it; `stalled` while nothing can be loaded; `broken` where its table or stage is gone. */
  readonly state: 'running' | 'paused' | 'stopped' | 'stalled' | 'broken'
  /** Why it is broken or stalled, or what went wrong last. */
  readonly reason: string | null
  /** Objects that it was told of and that are not loaded yet. */
  readonly pending_files: number
  readonly oldest_pending_file: string | null
  readonly oldest_pending_at: string | null
  /** How long ago the oldest pending object was written; 0 where none is pending, null where the pipe does not run. Of a log group, how long ago everything new was asked for. */
  readonly lag_seconds: number | null
  /** When the newest object that it was told of was written. */
  readonly newest_event_at: string | null
  readonly last_received_at: string | null
  readonly last_forwarded_at: string | null
  readonly last_loaded_at: string | null
  readonly last_loaded_file: string | null
  /** ARN of its queue. */
  readonly queue: string | null
  /** Messages that wait in the queue, about. */
  readonly queue_messages: number | null
  readonly queue_messages_in_hand: number | null
  /** Objects and messages that were given up until REFRESH. */
  readonly parked_files: number
}

/** All that is known of a pipe. */
export interface PipeDetails extends PipeStatus {
  /** The statement that would make it. */
  readonly definition: string
  /** Its stage, with database and schema. */
  readonly stage: string
  /** What its objects' names begin with, such as `s3://bucket/folder/`; null where it is broken. */
  readonly location: string | null
  readonly table_name: string
  readonly auto_ingest: boolean
  /** Seconds between two listings; null where it is broken. */
  readonly reconcile_seconds: number | null
  readonly comment: string | null
  readonly created_at: string
  /** Objects modified earlier are left to REFRESH; null where none are. */
  readonly start_at: string | null
  /** When everything behind the stage was listed last. */
  readonly listed_at: string | null
  /** Files that it has loaded, and their rows. */
  readonly files: number
  readonly rows: number
  /** Files that it met and could not load. */
  readonly failed_files: number
}

/** An object that a pipe has given up, or a message that names none. */
export interface ParkedObject {
  readonly pipe: string
  readonly file: string | null
  readonly version: string | null
  readonly bytes: number | null
  readonly code: string
  readonly reason: string
  /** The message's text, where it names no object. */
  readonly body: string | null
  readonly parked_at: string
}

/** Which objects a REFRESH looks at. */
export interface RefreshOptions {
  /** What names begin with behind the pipe's own place. */
  readonly prefix?: string | undefined
  readonly modifiedAfter?: Date | undefined
  readonly signal?: AbortSignal | undefined
}

/** What a REFRESH or another try did. */
export interface PipeLoad {
  readonly pipe: string
  /** Files loaded, wholly or with rejects. */
  readonly files: number
  readonly rows: number
  readonly rejects: number
  readonly failed_files: number
  /** Parked objects that are there no more. */
  readonly gone_files: number
  /** The first hundred faults. */
  readonly faults: readonly { readonly file: string; readonly code: string; readonly message: string }[]
}

/** A stage, and the pipes that read it. */
export interface StageEntry {
  /** Database, schema and name. */
  readonly name: string
  readonly url: string
  readonly integration: string | null
  /** The URL of an S3 that is not AWS's. */
  readonly endpoint: string | null
  readonly comment: string | null
  readonly created_at: string
  /** By their full names. */
  readonly pipes: readonly string[]
}

/** A file that a pipe is asked to load. */
export interface RequestedFile {
  readonly path: string
  /** In bytes; a hint that nothing depends on. */
  readonly size?: number | null | undefined
}

export interface InsertOptions {
  readonly requestId?: string | undefined
  /** Lists the files that the pipe has loaded before. */
  readonly showSkippedFiles?: boolean | undefined
}

/** Snowflake has called the answer's result by both names. */
export interface InsertAnswer {
  readonly requestId?: string | undefined
  readonly responseCode: 'SUCCESS'
  readonly status: 'success'
  /** Files that the pipe does not take. Absent where there are none. */
  readonly unmatchedPatternFiles?: readonly string[] | undefined
  readonly skippedFiles?: readonly string[] | undefined
}

export interface ReportOptions {
  /** `nextBeginMark` of an earlier report. */
  readonly beginMark?: string | undefined
}

/** ISO 8601; without a zone it is UTC. */
export interface ScanOptions {
  readonly startTimeInclusive: string
  readonly endTimeExclusive?: string | undefined
}

export interface InsertReport {
  readonly pipe: string
  /** Always true: history forgets nothing. */
  readonly completeResult: boolean
  readonly nextBeginMark: string
  readonly files: readonly ReportedFile[]
  readonly statistics: { readonly activeFilesCount: number }
}

export interface LoadHistoryScan {
  readonly pipe: string
  /** False where there is more in the range: ask again from `rangeEndTime` on. */
  readonly completeResult: boolean
  readonly startTimeInclusive: string
  readonly endTimeExclusive: string
  /** When the first and the last of these files were loaded; absent without files. */
  readonly rangeStartTime?: string | undefined
  readonly rangeEndTime?: string | undefined
  readonly files: readonly ReportedFile[]
}

/** What became of a file, in Snowflake's words. */
export interface ReportedFile {
  /** Relative to `stageLocation`. */
  readonly path: string
  readonly stageLocation: string
  readonly fileSize: number
  readonly timeReceived: string
  readonly lastInsertTime: string
  readonly rowsInserted: number
  readonly rowsParsed: number
  readonly errorsSeen: number
  readonly errorLimit: number
  readonly firstError?: string | undefined
  readonly firstErrorLineNum?: number | undefined
  readonly firstErrorColumnName?: string | undefined
  /** Why the file was not loaded. */
  readonly systemError?: string | undefined
  /** Nothing more comes of it. */
  readonly complete: boolean
  readonly status: 'LOADED' | 'PARTIALLY_LOADED' | 'LOAD_FAILED'
}
