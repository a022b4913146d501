import { z } from 'zod'

/** What bounds a cage. */
export const limitsSchema = z.object({
  /** Milliseconds that one batch of calls may take. */
  batchMs: z.number(),
  /** What functions may hold, beside what their language takes itself. */
  memoryBytes: z.number(),
  /** What one batch may give. */
  outputBytes: z.number(),
  /** Milliseconds after which a cage that nobody calls ends. */
  idleMs: z.number(),
})

export type Limits = z.infer<typeof limitsSchema>

/** What the host says to a cage that it starts. */
export function limitsOf(argument: string | undefined): Limits {
  return limitsSchema.parse(JSON.parse(argument ?? ''))
}
