import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { TestProject } from 'vitest/node'
import { openLake } from '../../src/index.ts'

declare module 'vitest' {
  interface ProvidedContext {
    /** The directory of a lake in which nothing is. */
    readonly emptyLake: string
  }
}

/** Makes one empty lake for all tests, which copy it: opening a copy takes a third of the time that making a lake does. */
export async function setup({ provide }: TestProject): Promise<() => Promise<void>> {
  const directory = await mkdtemp(join(tmpdir(), 'millrace-template-'))
  await (await openLake(directory)).close()
  provide('emptyLake', directory)
  return () => rm(directory, { recursive: true, force: true })
}
