import type { PipeDetails } from './api.ts'

/** How many rows a pipe had loaded at a moment, in milliseconds. */
interface Sample {
  readonly at: number
  readonly rows: number
}

/** What was seen of each pipe in the last minute, oldest first. */
export type Samples = ReadonlyMap<string, readonly Sample[]>

const windowMs = 60_000
/** A rate over less time than this would jump. */
const leastMs = 2500

/** The samples with what is seen now. Rows that became fewer, as in a table made anew, begin again. */
export function sampled(before: Samples, pipes: readonly Pick<PipeDetails, 'name' | 'rows'>[], at: number): Samples {
  return new Map(
    pipes.map(({ name, rows }) => {
      const known = before.get(name) ?? []
      const kept = (known.at(-1)?.rows ?? 0) > rows ? [] : known.filter((sample) => at - sample.at <= windowMs)
      return [name, [...kept, { at, rows }]]
    }),
  )
}

/** Rows a minute, over the minute that was seen or as much of it as there is; undefined where that is too little. */
export function rowsPerMinute(samples: readonly Sample[] = []): number | undefined {
  const [first] = samples
  const last = samples.at(-1)
  if (first === undefined || last === undefined || last.at - first.at < leastMs) return undefined
  return Math.round(((last.rows - first.rows) * 60_000) / (last.at - first.at))
}
