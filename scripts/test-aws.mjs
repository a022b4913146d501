// Runs test/moto against moto, an AWS that others wrote in Python: once it is installed into .venv-aws, its server is started for the tests
// and ended with them. Arguments go to vitest.
import { spawn, spawnSync } from 'node:child_process'
import { existsSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'

const moto = 'moto[server]==5.2.5'
const folder = '.venv-aws'
const stamp = join(folder, 'installed.txt')
const venvPython = process.platform === 'win32' ? join(folder, 'Scripts', 'python.exe') : join(folder, 'bin', 'python')
const startMs = 60_000

/** Of a Python that moto runs on. */
function findPython() {
  return ['python3', 'python'].find((name) => {
    const asked = spawnSync(name, ['-c', 'import sys; print(sys.version_info >= (3, 10))'], { encoding: 'utf8' })
    return asked.status === 0 && asked.stdout.trim() === 'True'
  })
}

function install(python) {
  if (existsSync(stamp) && readFileSync(stamp, 'utf8') === moto) return
  console.error(`Installing ${moto} into ${folder} (once) …`)
  rmSync(folder, { recursive: true, force: true })
  const run = (command, ...args) => spawnSync(command, args, { stdio: ['ignore', 2, 2] }).status === 0
  if (!run(python, '-m', 'venv', folder))
    fail('Python cannot make a virtual environment. Install its module venv (Debian: apt-get install python3-venv).')
  if (!run(venvPython, '-m', 'pip', 'install', '--quiet', '--disable-pip-version-check', moto))
    fail(`${moto} could not be installed. See what pip says above.`)
  writeFileSync(stamp, moto)
}

function fail(message) {
  console.error(message)
  process.exit(1)
}

/** The address of the server, which it writes once it listens. */
function startServer() {
  const server = spawn(venvPython, ['-m', 'moto.server', '-H', '127.0.0.1', '-p', '0'], {
    stdio: ['ignore', 'ignore', 'pipe'],
  })
  process.on('exit', () => server.kill())
  return new Promise((resolve) => {
    let said = ''
    const tooLong = setTimeout(() => fail(`moto did not start within ${startMs / 1000} seconds.\n${said}`), startMs)
    server.on('error', (error) => fail(`moto did not start: ${error.message}`))
    server.on('exit', () => fail(`moto ended.\n${said}`))
    server.stderr.on('data', (part) => {
      if (said.length < 10_000) said += part
      const [, url] = /Running on (http:\/\/127\.0\.0\.1:\d+)/.exec(said) ?? []
      if (url === undefined) return
      clearTimeout(tooLong)
      resolve(url)
    })
  })
}

/** Settings of the machine's own AWS are left out, so that no test can reach it. */
function environment(url) {
  const others = Object.entries(process.env).filter(([name]) => !name.startsWith('AWS_'))
  return {
    ...Object.fromEntries(others),
    AWS_ENDPOINT_URL: url,
    AWS_REGION: 'eu-west-1',
    AWS_ACCESS_KEY_ID: 'testing',
    AWS_SECRET_ACCESS_KEY: 'testing',
  }
}

function runTests(url) {
  const vitest = ['node_modules/vitest/vitest.mjs', 'run', '--config', 'vitest.moto.config.ts']
  const tests = spawn(process.execPath, [...vitest, ...process.argv.slice(2)], {
    stdio: 'inherit',
    env: environment(url),
  })
  process.on('exit', () => tests.kill())
  return new Promise((resolve) => tests.on('exit', (code) => resolve(code ?? 1)))
}

// Both children end with this process, whatever ends it.
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) process.on(signal, () => process.exit(1))
const python = findPython()
if (python === undefined) {
  console.error('The tests against moto are left out: there is no Python 3.10 or newer.')
  process.exit(0)
}
install(python)
process.exit(await runTests(await startServer()))
