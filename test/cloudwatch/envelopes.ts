import { flowLine } from '../loading/lines.ts'

/** An event as CloudWatch Logs tells of it in an envelope. */
interface LogEvent {
  readonly id: string
  readonly timestamp: number
  readonly message: string
}

/** What a subscription sends. */
export interface Envelope {
  readonly messageType: 'DATA_MESSAGE' | 'CONTROL_MESSAGE'
  readonly logGroup: string
  readonly logEvents: readonly LogEvent[]
}

const startMs = 1_760_104_536_000

/** So many events with flow logs, told apart by `bytes`, from a number on. */
export function eventsOf(first: number, count: number): LogEvent[] {
  return Array.from({ length: count }, (_, index) => {
    const number = first + index
    // Several have the same time.
    const timestamp = startMs + Math.floor(number / 3) * 1000
    return { id: `3${String(number).padStart(55, '0')}`, timestamp, message: flowLine(number) }
  })
}

export function envelopeOf(logEvents: readonly LogEvent[], logGroup = 'flow-logs'): Envelope {
  const common = { owner: '123456789012', logStream: 'eni-0a1b2c3d-all', subscriptionFilters: ['all'] }
  return { messageType: 'DATA_MESSAGE', ...common, logGroup, logEvents }
}

/** What CloudWatch Logs sends to see whether somebody is there. */
export const controlMessage: Envelope = {
  messageType: 'CONTROL_MESSAGE',
  logGroup: '',
  logEvents: [{ id: '', timestamp: 1, message: 'CWL CONTROL MESSAGE: Checking health of destination Firehose.' }],
}
