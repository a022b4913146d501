// What attempts reach where there is no cage: the same code, in a process with its environment, all of Node's rights, and all of JavaScript for Python.
import { readFileSync } from 'node:fs'
import { loadPyodide } from 'pyodide'

const { attempts, canaries } = JSON.parse(readFileSync(process.argv[2], 'utf8'))
const given = JSON.stringify(canaries)
const python = attempts.some(({ language }) => language === 'PYTHON')
  ? await loadPyodide({ jsglobals: globalThis })
  : undefined
for (const { name, language, code } of attempts) {
  let found
  try {
    if (language === 'PYTHON') {
      python.runPython(code)
      found = python.globals.get('f')(given)
    } else {
      // oxlint-disable-next-line typescript/no-implied-eval
      found = new Function('X', code)(given)
    }
  } catch (error) {
    found = `failed: ${error.message}`
  }
  process.stdout.write(`${JSON.stringify([language, name, String(found)])}\n`)
}
// Sockets are asked for, and connect until it is ended.
process.stdin.resume()
