import { type CagedFunction, requestSchema } from './caged-function.ts'
import { Frames, frameOf } from './frame.ts'

/** A batch came to one of the limits within the cage. */
export class Spent extends Error {}

/** A function that was read, and can be called with a batch: `[[number of the call, …], [first argument, …], …]` as JSON. */
export type Batch = (body: Uint8Array) => Uint8Array

/** Answers what comes in by standard input, one after the other, until it ends. */
export function serveCalls(
  read: (definition: CagedFunction) => Batch,
  { maxBytes }: { readonly maxBytes: number },
): void {
  const { stdin, stdout } = process
  const write = stdout.write.bind(stdout)
  const answer = (head: unknown, body?: Uint8Array): void => {
    for (const part of frameOf(head, body)) write(part)
  }
  const batches = new Map<string, Batch>()
  const frames = new Frames(Infinity)
  const done = (head: unknown, body: Uint8Array): Uint8Array => {
    const { id, definition } = requestSchema.parse(head)
    const batch = definition === undefined ? batches.get(id) : read(definition)
    if (batch === undefined) throw new Error('This function is not known in its cage.')
    batches.set(id, batch)
    const given = batch(body)
    if (given.length > maxBytes) throw new Spent(`gave more than ${maxBytes} bytes in one batch`)
    return given
  }
  stdin.on('data', (chunk: Uint8Array) => {
    for (const { head, body } of frames.take(chunk))
      try {
        answer({ state: 'done' }, done(head, body))
      } catch (error) {
        const message = error instanceof Error ? error.message : String(error)
        answer({ state: error instanceof Spent ? 'spent' : 'failed', message: message.slice(0, 4000) })
      }
  })
  stdin.on('end', () => process.exit(0))
  answer({ state: 'ready' })
}
