import { Hono } from 'hono'
import { setTimeout as pause } from 'node:timers/promises'
import type { LoadProgress, LoadSummary } from '../../api.ts'
import { loadBody, readBody } from '../bodies.ts'
import { type Failure, failureOf } from '../failures.ts'
import { ndjsonResponse } from '../ndjson.ts'
import type { Service } from '../service.ts'

const progressMs = 200

type Outcome = { readonly summary: LoadSummary } | { readonly error: Failure }

/** The latest progress at most five times a second, then the outcome: a slow client misses steps, not sums. */
async function* progressLines(
  load: (onProgress: (progress: LoadProgress) => void) => Promise<LoadSummary>,
): AsyncGenerator<unknown, void> {
  const state: { progress: LoadProgress | undefined; outcome: Outcome | undefined } = {
    progress: undefined,
    outcome: undefined,
  }
  const loading = load((progress) => {
    state.progress = progress
  })
    .then(
      (summary): Outcome => ({ summary }),
      (error: unknown): Outcome => ({ error: failureOf(error) }),
    )
    .then((outcome) => {
      state.outcome = outcome
      return outcome
    })
  try {
    while (state.outcome === undefined) {
      await Promise.race([loading, pause(progressMs)])
      if (state.progress !== undefined) yield { progress: state.progress }
      state.progress = undefined
    }
    yield state.outcome
  } finally {
    await loading
  }
}

/** POST /load: `progress` lines, then one of `summary` or `error`. The load ends when the client disconnects. */
export function loadRoutes({ lake, work }: Service): Hono {
  return new Hono().post('/load', async (context) => {
    const { source, ...options } = await readBody(context, loadBody)
    const running = work.begin(context.req.raw.signal)
    return ndjsonResponse(
      progressLines((onProgress) => lake.load(source, { ...options, onProgress, signal: running.signal })),
      running,
    )
  })
}
