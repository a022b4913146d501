/** An event of CloudWatch Logs. */
export interface WrappedEvent {
  readonly message: string
  readonly id: string | undefined
  /** Epoch milliseconds. */
  readonly timestamp: number | undefined
}

/** What a subscription sends. */
export interface Envelope {
  readonly logGroup: string | undefined
  /** At least one. */
  readonly events: readonly WrappedEvent[]
}

// By hand, and not by zod, whose import took most of the time that a parser needs to start.

/** A message of data, or `control` for one without; undefined for anything else. */
export function readEnvelope(record: unknown): Envelope | 'control' | undefined {
  if (!isRecord(record)) return undefined
  const { messageType, logGroup, logEvents } = record
  if (messageType === 'CONTROL_MESSAGE') return 'control'
  if (messageType !== 'DATA_MESSAGE' || !Array.isArray(logEvents) || logEvents.length === 0) return undefined
  const events: WrappedEvent[] = []
  for (const one of logEvents) {
    const event = readEvent(one)
    if (event === undefined) return undefined
    events.push(event)
  }
  return { logGroup: textOf(logGroup), events }
}

/** An object with a message. What is else not in its form is as if it were not there: the message counts. */
export function readEvent(record: unknown): WrappedEvent | undefined {
  if (!isRecord(record) || typeof record['message'] !== 'string') return undefined
  const { message, id, timestamp } = record
  return { message, id: textOf(id), timestamp: Number.isSafeInteger(timestamp) ? Number(timestamp) : undefined }
}

function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

function textOf(value: unknown): string | undefined {
  return typeof value === 'string' && value !== '' ? value : undefined
}
