import { namedColumns } from './print.ts'

/** How a pipe is doing, at a glance. */
export const pipeColumns = namedColumns(
  ['name', 'state', 'pending_files', 'lag_seconds', 'queue_messages', 'parked_files', 'last_loaded_at', 'reason'],
  ['pending_files', 'lag_seconds', 'queue_messages', 'parked_files'],
)
