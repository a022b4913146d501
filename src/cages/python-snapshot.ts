import { writeFileSync } from 'node:fs'
import { loadPython } from './python.ts'

/** Run by the build: writes Python's memory as it is when it has begun, and has read what functions mostly import. */
const python = await loadPython({ _makeSnapshot: true })
// What holds a seed, such as `random`, which Pyodide has read by itself, is given another by each cage.
python.runPython(`
def read():
    import collections, csv, datetime, decimal, gc, ipaddress, itertools, json, re, traceback, urllib.parse
read()
del read
`)
writeFileSync(process.argv[2] ?? '', python.makeMemorySnapshot())
