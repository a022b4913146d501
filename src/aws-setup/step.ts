import type { Call } from './operations.ts'

/** One request of a plan. What is printed and what is sent are made from it alone. */
export interface Step {
  /** What it does, as one sentence: `Make the queue logs.` */
  readonly does: string
  readonly call: Call
}

/** What carries the name of the setup that made a thing. */
export const setupTag = 'millrace:setup'

/** Tags as most services take them. */
export function setupTags(setup: string): { Key: string; Value: string }[] {
  return [{ Key: setupTag, Value: setup }]
}

/** Whether tags say that a setup made what they are on. */
export function isMadeBy(
  setup: string,
  tags: readonly { readonly Key?: string | undefined; readonly Value?: string | undefined }[],
): boolean {
  return tags.some(({ Key, Value }) => Key === setupTag && Value === setup)
}
