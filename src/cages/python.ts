import { fileURLToPath } from 'node:url'
import { type PyodideAPI, loadPyodide } from 'pyodide'

/** How Python begins: anew, so that what it is then can be kept, or as it was when that was done. */
type Beginning = { readonly _makeSnapshot: true } | { readonly _loadSnapshot: Uint8Array }

/** What `import js` would give: nothing. */
const nothing: unknown = Object.create(null)

/** Python as cages have it: nothing of JavaScript, no environment, no input, and output that nobody reads. */
export function loadPython(beginning: Beginning): Promise<PyodideAPI> {
  if (typeof nothing !== 'object' || nothing === null) throw new Error('Nothing is no object.')
  return loadPyodide({
    indexURL: fileURLToPath(new URL('.', import.meta.resolve('pyodide'))),
    jsglobals: nothing,
    env: {},
    stdin: () => null,
    stdout: () => undefined,
    stderr: () => undefined,
    ...beginning,
  })
}
