import { z } from 'zod'

/** A name that is also a file's: no dots, no slashes. */
export const fileName = z.string().regex(/^[a-z0-9][a-z0-9-]{0,63}$/, {
  message: 'a name is of lower-case letters, digits and hyphens, 64 at most',
})
