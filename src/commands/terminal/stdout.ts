import { once } from 'node:events'
import { systemCodeOf } from '../../errors.ts'

const closing = new AbortController()

/** Aborts when nobody reads standard output any more, as behind `| head`. */
export const outputClosed: AbortSignal = closing.signal

function onError(error: unknown): void {
  if (systemCodeOf(error) === 'EPIPE') closing.abort()
  else throw error
}

/** Makes a closed standard output a quiet end, and a closed standard error no matter. */
export function watchOutput(): void {
  process.stdout.on('error', onError)
  process.stderr.on('error', () => {})
}

/** Writes to standard output; resolves when it takes more. What comes after its closing is dropped. */
export async function write(text: string): Promise<void> {
  if (outputClosed.aborted || process.stdout.write(text)) return
  try {
    await once(process.stdout, 'drain', { signal: outputClosed })
  } catch (error) {
    if (!outputClosed.aborted) onError(error)
  }
}
