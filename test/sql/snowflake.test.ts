// One file for vitest: the parser of dialects is 23 MB of WebAssembly, and takes seconds of each process that loads it.
import './translations.ts'
import './variants.ts'
import './views.ts'
