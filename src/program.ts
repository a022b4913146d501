import { readFileSync } from 'node:fs'

/** The folder of the program's own files: src/, or dist/, where they lie as in src/. Nothing else asks where it is, but cages, which are built each by itself: the build puts modules together. */
export const programFolder = new URL('./', import.meta.url)

/** The folder of what only the build makes: kernels, workers, cages and the page. Tests run the sources with what was built. */
export const builtFolder = import.meta.url.endsWith('.ts') ? new URL('../dist/', programFolder) : programFolder

/** The version of this Millrace. */
export const version: string = readVersion()

function readVersion(): string {
  const content: unknown = JSON.parse(readFileSync(new URL('../package.json', programFolder), 'utf8'))
  if (typeof content === 'object' && content !== null && 'version' in content) return String(content.version)
  throw new Error('package.json names no version.')
}
