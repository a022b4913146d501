import { useState } from 'react'
import type { PipeDetails } from './api.ts'
import { rowsPerMinute, sampled, type Samples } from './rate.ts'

/** Rows a minute of each pipe, as they were seen since the page is open. `at` is when the pipes were asked for. */
export function useRates(pipes: readonly PipeDetails[] | undefined, at: number): ReadonlyMap<string, number> {
  const [seen, setSeen] = useState<{ readonly samples: Samples; readonly at: number }>({ samples: new Map(), at: 0 })
  if (pipes !== undefined && at !== seen.at) setSeen({ samples: sampled(seen.samples, pipes, at), at })
  return new Map(
    [...seen.samples].flatMap(([name, samples]): [string, number][] => {
      const rate = rowsPerMinute(samples)
      return rate === undefined ? [] : [[name, rate]]
    }),
  )
}
