import { namedColumns } from './print.ts'

/** How a task is doing, at a glance. */
export const taskColumns = namedColumns(
  ['name', 'state', 'schedule', 'next_due_at', 'last_state', 'last_completed_at', 'last_success_at', 'last_error'],
  [],
)
