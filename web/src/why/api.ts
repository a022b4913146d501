import { queryOptions } from '@tanstack/react-query'
import type { z } from 'zod'
import { type seenShape, whyShape } from '../../../src/server/answers.ts'
import { valueOf } from '../api/connection.ts'
import type { Language } from '../text/figures.ts'

export type Seen = z.output<typeof seenShape>
export type WhyAnswer = z.output<typeof whyShape>

/** The answer to a question of the address, for a state of the data. */
export function whyQuery(search: string, language: Language, version: string | undefined) {
  return queryOptions({
    queryKey: ['why', search, language, version],
    queryFn: ({ signal }) => valueOf({ path: `/why?${search}&language=${language}`, signal }, whyShape),
    // Of this question only: an answer to another one must not stand under it.
    placeholderData: (previous, query) =>
      query?.queryKey[1] === search && query.queryKey[2] === language ? previous : undefined,
    staleTime: Infinity,
    gcTime: 60_000,
  })
}
