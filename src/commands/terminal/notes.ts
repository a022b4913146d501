import { visible } from '../../server/visible.ts'

/** Writes a sentence to standard error, on one line and with nothing in it that a terminal would act upon. */
export function note(sentence: string): void {
  process.stderr.write(`${visible(sentence.replaceAll(/\s*\n\s*/g, ' ').trim())}\n`)
}
