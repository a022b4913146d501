/** A way out that a function may try. */
export interface Attempt {
  readonly name: string
  readonly language: 'PYTHON' | 'JAVASCRIPT'
  /** What it does with `c`, the canaries: `file`, `folder`, `variable`, `port`. Gives what it found. */
  readonly code: string
  /** What it reaches where there is no cage; undefined where its language alone stops it. */
  readonly reaches?: 'secret' | 'file' | 'socket'
}

const python = (name: string, code: string, reaches?: Attempt['reaches']): Attempt => ({
  name,
  language: 'PYTHON',
  code: `import json\ndef f(x):\n    c = json.loads(x)\n${code.trim().replaceAll(/^/gm, '    ')}\n`,
  ...(reaches === undefined ? {} : { reaches }),
})

const javascript = (name: string, code: string, reaches?: Attempt['reaches']): Attempt => ({
  name,
  language: 'JAVASCRIPT',
  code: `const c = JSON.parse(X)\n${code}`,
  ...(reaches === undefined ? {} : { reaches }),
})

const module = 'js.process.getBuiltinModule'

export const attempts: readonly Attempt[] = [
  python('read a file through js', `import js\nreturn ${module}('fs').readFileSync(c['file'], 'utf8')`, 'secret'),
  python(
    'write a file through js',
    `import js\n${module}('fs').writeFileSync(c['folder'] + '/write a file through js', 'x')`,
    'file',
  ),
  python('read the environment through js', `import js\nreturn getattr(js.process.env, c['variable'])`, 'secret'),
  python(
    'start a process through js',
    `import js\nreturn ${module}('child_process').execFileSync('cat', js.Array.of(c['file']), js.JSON.parse('{"encoding": "utf8"}'))`,
    'secret',
  ),
  python('connect through js', `import js\n${module}('net').connect(c['port'], '127.0.0.1')\nreturn 'asked'`, 'socket'),
  python('run_js', `from pyodide.code import run_js\nreturn run_js('process.env.' + c['variable'])`, 'secret'),
  python(
    'mount a folder',
    `import pyodide_js\npyodide_js.mountNodeFS('/mount', c['folder'])\nreturn open('/mount/secret').read()`,
    'secret',
  ),
  python('js by __import__', `return getattr(__import__('js').process.env, c['variable'])`, 'secret'),
  python(
    'js by importlib',
    `import importlib\nreturn getattr(importlib.import_module('js').process.env, c['variable'])`,
    'secret',
  ),
  python('js from sys.modules', `import sys\nreturn getattr(sys.modules['js'].process.env, c['variable'])`, 'secret'),
  python(
    'another list of finders',
    `
import sys, importlib
sys.meta_path[:] = [one for one in sys.meta_path if type(one).__name__ != 'NoBridge']
importlib.invalidate_caches()
import js
return getattr(js.process.env, c['variable'])`,
    'secret',
  ),
  python(
    'proxies that the collector knows',
    `
import gc
for one in gc.get_objects():
    for proxies in [getattr(one, 'jsproxies', None)] if type(one).__name__ == 'JsFinder' else []:
        return getattr(proxies['js'].process.env, c['variable'])
return [repr(found) for one in gc.get_objects() for found in gc.get_referents(one) if type(found).__name__ == 'JsProxy']`,
    'secret',
  ),
  python(
    'the constructor of a function of JavaScript',
    `
import gc
for one in gc.get_objects():
    for found in gc.get_referents(one):
        if type(found).__name__ == 'JsProxy':
            return found.constructor.constructor('name', 'return process.env[name]')(c['variable'])
return None`,
    'secret',
  ),
  python(
    'eval of the runtime, by ctypes',
    `
import ctypes
run = ctypes.CDLL(None).emscripten_run_script_string
run.restype = ctypes.c_char_p
return run(('process.env.' + c['variable']).encode()).decode()`,
    'secret',
  ),
  python(
    'a module built in, past its refusal',
    `
import sys, importlib.machinery, _imp
spec = importlib.machinery.BuiltinImporter.find_spec('_pyodide_core')
return dir(_imp.create_builtin(spec))`,
  ),
  python(
    'frames of the runner',
    `
import sys
frame, found = sys._getframe(), []
while frame:
    found += [repr(value) for value in (*frame.f_locals.values(), *frame.f_globals.values()) if 'JsProxy' in repr(type(value))]
    frame = frame.f_back
return found or None`,
  ),
  python(
    'subclasses of object',
    `
found = [one for one in object.__subclasses__() if one.__name__ in ('Popen', 'JsFinder')]
return [getattr(one(), 'jsproxies', {}) for one in found if one.__name__ == 'JsFinder' and one().jsproxies]`,
  ),
  python('open the file', `return open(c['file']).read()`),
  python('list the folder', `import os\nreturn os.listdir(c['folder'])`),
  python('write into the folder', `open(c['folder'] + '/written', 'w').write('x')`),
  python('the environment', `import os\nreturn os.environ.get(c['variable'])`),
  python('the environment of a process', `return open('/proc/self/environ').read()`),
  python('subprocess', `import subprocess\nreturn subprocess.check_output(['cat', c['file']]).decode()`),
  python('os.system', `import os\nreturn os.system('touch ' + c['folder'] + '/os.system')`, 'file'),
  python('os.fork', `import os\nreturn os.fork()`),
  python('a socket', `import socket\nsocket.create_connection(('127.0.0.1', c['port']), 1)\nreturn 'asked'`),
  python(
    'a request',
    `import urllib.request\nreturn urllib.request.urlopen('http://127.0.0.1:' + str(c['port'])).read()`,
  ),
  python('a package from outside', `import micropip\nreturn micropip`),
  javascript('process', 'return process.env[c.variable]', 'secret'),
  javascript('read a file', "return globalThis.process.getBuiltinModule('fs').readFileSync(c.file, 'utf8')", 'secret'),
  javascript(
    'write a file',
    "globalThis.process.getBuiltinModule('fs').writeFileSync(c.folder + '/write a file', 'x')",
    'file',
  ),
  javascript(
    'start a process',
    "return process.getBuiltinModule('child_process').execFileSync('cat', [c.file]).toString()",
    'secret',
  ),
  javascript('connect', "process.getBuiltinModule('net').connect(c.port, '127.0.0.1'); return 'asked'", 'socket'),
  javascript('fetch', "fetch('http://127.0.0.1:' + c.port).catch(() => 0); return 'asked'", 'socket'),
  javascript(
    'constructor of a constructor',
    "return X.constructor.constructor('name', 'return process.env[name]')(c.variable)",
    'secret',
  ),
  javascript(
    'constructor of a generator',
    "return Object.getPrototypeOf(function* () {}).constructor('name', 'yield process.env[name]')(c.variable).next().value",
    'secret',
  ),
  javascript(
    'call sites of prepareStackTrace',
    `
    Error.prepareStackTrace = (_, sites) => sites
    const { stack } = new Error('x')
    const reached = typeof stack === 'object' ? stack.map((site) => site.getThis() ?? site.getFunction() ?? globalThis) : [globalThis]
    delete Error.prepareStackTrace
    return reached.map((one) => (one.process ?? globalThis.process).env[c.variable])[0]`,
    'secret',
  ),
  javascript('eval', "return (0, eval)('process.env')[c.variable]", 'secret'),
  javascript('a module of QuickJS', "return import('std').then((std) => std.getenv(c.variable))"),
  javascript('the std of QuickJS', 'return std.getenv(c.variable) + os.readdir(c.folder)'),
  javascript('require', "return require('fs').readFileSync(c.file, 'utf8')"),
  javascript('a frame of the runner', 'return arguments.callee.caller'),
]

/** What uses up what there is. Each ends in an error within its limits. */
export const floods: readonly Attempt[] = [
  python('an endless loop', 'while True:\n    pass'),
  python('a bomb of memory', 'return len([bytearray(10 ** 6) for _ in range(10 ** 6)])'),
  python('a flood of output', "return 'x' * (9 * 10 ** 6)"),
  javascript('an endless loop', 'for (;;);'),
  javascript('an endless regular expression', "return /^(a+)+$/.test('a'.repeat(50) + 'b')"),
  javascript('a bomb of memory', 'const all = []; for (;;) all.push(new Array(1e5).fill(0.5))'),
  javascript('a flood of output', "return 'x'.repeat(9e6)"),
]

/** What breaks the runtime, at most. */
export const tumbles: readonly Attempt[] = [
  python('endless recursion', 'def g(): return g()\nreturn g()'),
  python('the end of the process', 'import os\nos._exit(3)'),
  python(
    'other builtins',
    "import builtins\nfor name in ('zip', 'range', 'map'):\n    setattr(builtins, name, lambda *given: [])\nreturn None",
  ),
  python('SystemExit', 'raise SystemExit(3)'),
  python(
    'output of its own',
    "print('x' * 10 ** 6)\nimport sys\nsys.stderr.write('y' * 10 ** 6)\nsys.__stdout__.write('z')\nreturn None",
  ),
  javascript('endless recursion', 'const g = () => g() + 1; return g()'),
  javascript(
    'prototypes',
    "Object.prototype.processRow = 1; Array.prototype.map = () => 'mine'; JSON.stringify = () => 'mine'; return null",
  ),
]
