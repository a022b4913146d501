import { queryOptions } from '@tanstack/react-query'
import type { z } from 'zod'
import { type seenShape, whyShape } from '../../../src/server/answers.ts'
import { valueOf } from '../api/connection.ts'

export type Seen = z.output<typeof seenShape>
export type WhyAnswer = z.output<typeof whyShape>

/** The answer to a question of the address, for a state of the data. */
export function whyQuery(search: string, version: string | undefined) {
  return queryOptions({
    queryKey: ['why', search, version],
    queryFn: ({ signal }) => valueOf({ path: `/why?${search}`, signal }, whyShape),
    // Of this question only: an answer to another one must not stand under it.
    placeholderData: (previous, query) => (query?.queryKey[1] === search ? previous : undefined),
    staleTime: Infinity,
    gcTime: 60_000,
  })
}
