/** A stream, and how far it has been read. Times are ISO 8601 in UTC. */
export interface StreamEntry {
  /** Database, schema and name. */
  readonly name: string
  /** The table that it tells of. */
  readonly table_name: string
  /** APPEND_ONLY tells of new rows alone. */
  readonly mode: 'DEFAULT' | 'APPEND_ONLY'
  /** It cannot be read any more. */
  readonly stale: boolean
  readonly stale_reason: string | null
  /** Whether it may have something that it has not been read for; false where it is stale. */
  readonly has_data: boolean
  /** It has been read up to this commit, as `_load_id` counts them. */
  readonly read_to_load_id: number
  /** Tasks that name it, in their condition or in what they run, by their full names. */
  readonly tasks: readonly string[]
  readonly comment: string | null
  readonly created_at: string
}
