// The published tiles' questions to a served lake, as the page sends them: at once, to a server that has just started; then again.
import { openPage, rowsOf, serve } from './serving.mjs'
import { answer, options } from './timed.mjs'

const server = await serve(options.folder)
const page = await openPage(server.url)
const first = await askAll()
const again = []
for (let time = 0; time < options.repeats; time++) again.push((await askAll()).seconds)
await server.stop()
answer({ ...first, again, cpuSeconds: 0, peakRss: 0 })

async function askAll() {
  const start = performance.now()
  const answers = await Promise.all(
    options.questions.map((sql) => page.ask({ sql, scope: options.scope, maxRows: 10_000 })),
  )
  return {
    seconds: (performance.now() - start) / 1000,
    answers: answers.map((lines) => rowsOf(lines).map((row) => row.map(String))),
  }
}
