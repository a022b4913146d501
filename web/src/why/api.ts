import { queryOptions } from '@tanstack/react-query'
import { z } from 'zod'
import { valueOf } from '../api/connection.ts'

const count = z.union([z.number(), z.bigint()])

const seenShape = z.object({
  way: z.enum(['request', 'answer']),
  interface_id: z.string().nullable(),
  side: z.enum(['source', 'destination']).nullable(),
  action: z.enum(['ACCEPT', 'REJECT']),
  reject_reason: z.string().nullable(),
  records: count,
  packets: count,
  bytes: count,
  tcp_flags: z.number().nullable(),
  first: z.string(),
  last: z.string(),
})

const answerShape = z.object({
  verdict: z.string(),
  summary: z.string(),
  checks: z.array(z.string()),
  notes: z.array(z.string()),
  limits: z.array(z.string()),
  seen: z.array(seenShape),
  records: z.array(z.record(z.string(), z.unknown())),
})

export type Seen = z.output<typeof seenShape>
export type WhyAnswer = z.output<typeof answerShape>

/** The answer to a question of the address, for a state of the data. */
export function whyQuery(search: string, version: string | undefined) {
  return queryOptions({
    queryKey: ['why', search, version],
    queryFn: ({ signal }) => valueOf({ path: `/why?${search}`, signal }, answerShape),
    // Of this question only: an answer to another one must not stand under it.
    placeholderData: (previous, query) => (query?.queryKey[1] === search ? previous : undefined),
    staleTime: Infinity,
    gcTime: 60_000,
  })
}
