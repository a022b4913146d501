const newline = 10

/** The lines of an answer as they come, without their ends. */
export async function* readLines(body: ReadableStream<Uint8Array>): AsyncGenerator<Uint8Array<ArrayBuffer>> {
  const reader = body.getReader()
  let parts: Uint8Array[] = []
  try {
    for (;;) {
      const { done, value } = await reader.read()
      if (done) break
      let from = 0
      for (let at = value.indexOf(newline); at !== -1; at = value.indexOf(newline, from)) {
        yield joined([...parts, value.subarray(from, at)])
        parts = []
        from = at + 1
      }
      if (from < value.length) parts.push(value.subarray(from))
    }
    if (parts.length > 0) yield joined(parts)
  } finally {
    await reader.cancel().catch(() => undefined)
  }
}

/** A copy of its own: a view would keep the whole piece of the network in memory. */
function joined(parts: readonly Uint8Array[]): Uint8Array<ArrayBuffer> {
  const line = new Uint8Array(parts.reduce((sum, part) => sum + part.length, 0))
  let at = 0
  for (const part of parts) {
    line.set(part, at)
    at += part.length
  }
  return line
}
