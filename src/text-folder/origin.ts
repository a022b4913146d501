import { z } from 'zod'

/** `built-in` as shipped, `lake` from the lake's folder, `changed` a built-in one that the lake holds a copy of. */
export const originShape = z.enum(['built-in', 'lake', 'changed'])

export type Origin = z.output<typeof originShape>
