import { setFlagsFromString } from 'node:v8'

export type Polyglot = typeof import('@polyglot-sql/sdk')

/** What a function of WebAssembly must have done, in about bytes, before V8 optimizes it: that of Node 24, and the translator's. */
const usualBudget = 13_000_000
const lateBudget = 1_000_000_000

let loading: Promise<Polyglot> | undefined

/**
 * The translator of dialects: 23 MB of WebAssembly, loaded by the first statement that needs it. V8 would optimize its functions from the first
 * statements on: 4 seconds of a core, which a command waits for before it ends, to save half a millisecond a statement (measured). That is put off.
 */
export function loadPolyglot(): Promise<Polyglot> {
  loading ??= (async () => {
    // A module has the budget that holds when it is made.
    setFlagsFromString(`--wasm-tiering-budget=${lateBudget}`)
    try {
      return await import('@polyglot-sql/sdk')
    } finally {
      setFlagsFromString(`--wasm-tiering-budget=${usualBudget}`)
    }
  })()
  return loading
}
