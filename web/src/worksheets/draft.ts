import { z } from 'zod'
import { dialects } from '../../../src/sql/dialects.ts'
import { queryEngines } from '../../../src/sql/engines.ts'

const draftShape = z.object({
  sql: z.string(),
  dialect: z.enum(dialects),
  /** On the lake where it is not said. */
  engine: z.enum(queryEngines).optional(),
})

/** What stands in the editor and is not saved. */
export type Draft = z.output<typeof draftShape>

function keyOf(name: string | undefined): string {
  return `millrace-draft:${name ?? ''}`
}

/** The unsaved text of a worksheet, or of the one without a name. */
export function readDraft(name: string | undefined): Draft | undefined {
  const text = localStorage.getItem(keyOf(name))
  if (text === null) return undefined
  try {
    return draftShape.safeParse(JSON.parse(text)).data
  } catch {
    return undefined
  }
}

/** Keeps the unsaved text of a worksheet; undefined when there is none any more. Returns false where the browser has no room for it. */
export function writeDraft(name: string | undefined, draft: Draft | undefined): boolean {
  try {
    if (draft === undefined) localStorage.removeItem(keyOf(name))
    else localStorage.setItem(keyOf(name), JSON.stringify(draft))
    return true
  } catch {
    return false
  }
}
