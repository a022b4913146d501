/** npx and npm pass on a signal that the terminal has sent already: what comes this soon is the same one. */
const sameSignalMs = 500

/** Calls `stop` at the first SIGINT or SIGTERM; a later one ends the process at once. Returns what takes the watch away. */
export function onStopSignal(stop: () => void): () => void {
  let stoppedAt: number | undefined
  const receive = (): void => {
    if (stoppedAt === undefined) {
      stoppedAt = Date.now()
      stop()
    } else if (Date.now() - stoppedAt > sameSignalMs) process.exit(130)
  }
  process.on('SIGINT', receive)
  process.on('SIGTERM', receive)
  return () => {
    process.off('SIGINT', receive)
    process.off('SIGTERM', receive)
  }
}
