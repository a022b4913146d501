import { z } from 'zod'

/** How a value crosses the border. All cross as text but these, which are made from it on the other side. */
export const valueKinds = ['text', 'integer', 'decimal', 'float', 'boolean', 'date', 'timestamp', 'variant'] as const

export type ValueKind = (typeof valueKinds)[number]

const place = z.object({ name: z.string(), kind: z.enum(valueKinds) })

/** A function, as its cage is told of it. Names are in the case that its language sees them in. */
export const cagedFunctionSchema = z.object({
  language: z.enum(['JAVASCRIPT', 'PYTHON']),
  name: z.string(),
  code: z.string(),
  /** What to call in it; '' in JavaScript. */
  handler: z.string(),
  /** Whether it gives rows; else one value a call. */
  isTable: z.boolean(),
  /** Whether a NULL for an argument gives NULL, or no row, without a call. */
  isStrict: z.boolean(),
  arguments: z.array(place),
  columns: z.array(place),
})

export type CagedFunction = z.infer<typeof cagedFunctionSchema>
export type Language = CagedFunction['language']

/** What a cage is asked: to call a function with a batch of arguments. */
export const requestSchema = z.object({
  /** Tells functions apart. */
  id: z.string(),
  /** Told once. */
  definition: cagedFunctionSchema.optional(),
})

/**
 * What a cage answers. The body of `done` is lines of JSON, each of up to 1000 rows `{n: [number of the call, …], r: [[value, …], …]}`, with every value a text,
 * a number, a truth value or null; JSON within is text.
 */
export const answerSchema = z.discriminatedUnion('state', [
  z.object({ state: z.literal('ready') }),
  z.object({ state: z.literal('done') }),
  z.object({ state: z.literal('failed'), message: z.string() }),
  /** It came to one of its limits, and is not to be used again. */
  z.object({ state: z.literal('spent'), message: z.string() }),
])

export type Answer = z.infer<typeof answerSchema>
