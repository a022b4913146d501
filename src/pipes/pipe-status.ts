import type { PipeStatus } from '../api.ts'
import { pipeText } from './pipe.ts'
import type { PipeNow } from './pipes.ts'

function timeOf(ms: number | undefined): string | null {
  return ms === undefined ? null : new Date(ms).toISOString()
}

/** What is known of a pipe, as `status`, the page and `/metrics` show it. */
export function pipeStatus(
  { pipe, definition, broken, running, queue, depth }: PipeNow,
  parked: number,
  nowMs: number,
): PipeStatus {
  const facts = running?.facts
  const oldest = running?.worker.oldest()
  return {
    name: pipeText(pipe),
    state: stateOf(),
    reason: broken ?? facts?.error ?? queue?.facts.error ?? null,
    pending_files: running?.size ?? 0,
    oldest_pending_file: oldest?.uri ?? null,
    oldest_pending_at: timeOf(oldest?.writtenMs),
    lag_seconds: lag(),
    newest_event_at: timeOf(running?.logGroup?.newestMs ?? facts?.newestWrittenMs),
    last_received_at: timeOf(queue?.facts.lastReceivedMs),
    last_forwarded_at: timeOf(queue?.facts.lastForwardedMs),
    last_loaded_at: timeOf(facts?.lastIngestedMs),
    last_loaded_file: facts?.lastIngestedUri ?? null,
    queue: definition?.queueArn ?? null,
    queue_messages: depth?.visible ?? null,
    queue_messages_in_hand: depth?.notVisible ?? null,
    parked_files: parked,
  }

  function lag(): number | null {
    if (running === undefined) return null
    const { logGroup } = running
    if (logGroup === undefined) return secondsSince(oldest?.writtenMs ?? nowMs)
    return logGroup.readUntilMs === undefined ? null : secondsSince(logGroup.readUntilMs)
  }

  function secondsSince(ms: number): number {
    return Math.max(0, Math.round((nowMs - ms) / 100) / 10)
  }

  function stateOf(): PipeStatus['state'] {
    if (broken !== undefined) return 'broken'
    if (definition?.isPaused === true) return 'paused'
    if (running === undefined) return 'stopped'
    return facts?.isStalled === true ? 'stalled' : 'running'
  }
}

const executionStates = {
  running: 'RUNNING',
  paused: 'PAUSED',
  stopped: 'PAUSED',
  stalled: 'STALLED_EXECUTION_ERROR',
  broken: 'STALLED_COMPILATION_ERROR',
} as const

/** The text of SYSTEM$PIPE_STATUS, by Snowflake's keys; those without a value are left out. */
export function systemPipeStatus(status: PipeStatus): string {
  const isPending = status.pending_files > 0
  const keys = {
    executionState: executionStates[status.state],
    pendingFileCount: status.pending_files,
    oldestFileTimestamp: isPending ? status.oldest_pending_at : null,
    oldestPendingFilePath: isPending ? status.oldest_pending_file : null,
    lastIngestedTimestamp: status.last_loaded_at,
    lastIngestedFilePath: status.last_loaded_file,
    notificationChannelName: status.queue,
    numOutstandingMessagesOnChannel: status.queue_messages,
    lastReceivedMessageTimestamp: status.last_received_at,
    lastForwardedMessageTimestamp: status.last_forwarded_at,
    error: status.state === 'stopped' ? 'No server runs: millrace serve runs the pipes.' : status.reason,
  }
  return JSON.stringify(Object.fromEntries(Object.entries(keys).filter(([, value]) => value !== null)))
}
