import { once } from 'node:events'
import { createInterface } from 'node:readline/promises'
import { MillraceError } from '../../errors.ts'

/** Asks on the terminal unless it was said already. Rejects with USAGE where nobody can be asked; false for no. */
export async function confirmed(question: string, isSaid: boolean): Promise<boolean> {
  if (isSaid) return true
  if (!process.stdin.isTTY || !process.stderr.isTTY)
    throw new MillraceError(
      'USAGE',
      'Nothing was changed: there is no terminal to ask on. Read the plan, then add --yes.',
    )
  const lines = createInterface({ input: process.stdin, output: process.stderr })
  try {
    const closed = once(lines, 'close').then(() => '')
    const answer = await Promise.race([lines.question(`${question} [y/N] `), closed])
    return /^y(es)?$/i.test(answer.trim())
  } finally {
    lines.close()
  }
}
