import { once } from 'node:events'
import { createInterface } from 'node:readline/promises'
import { MillraceError } from '../../errors.ts'
import type { GlobalFlags } from '../terminal/flags.ts'

/** Asks on the terminal unless it was said already. Rejects with USAGE where nobody can be asked, or nothing was shown before; false for no. */
export async function confirmed(
  question: string,
  { isSaid, output }: Pick<GlobalFlags, 'output'> & { readonly isSaid: boolean },
): Promise<boolean> {
  if (isSaid) return true
  if (output !== 'table')
    throw new MillraceError(
      'USAGE',
      'Nothing was changed: with --output json the steps are shown only when they are done. Read the plan, then add --yes.',
    )
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
