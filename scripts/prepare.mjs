// Makes a fresh clone runnable: installs the locked dependencies when they are missing or outdated, then builds what changed.
import { execFileSync } from 'node:child_process'
import { existsSync, statSync } from 'node:fs'

const installed = 'node_modules/.package-lock.json'
const [major = 0, minor = 0] = process.versions.node.split('.').map(Number)
if (major < 20 || (major === 20 && minor < 19)) {
  console.error(
    `Millrace needs Node 20.19 or newer; this is ${process.version}. Install a newer Node and run the command again.`,
  )
  process.exit(2)
}
if (!existsSync(installed) || statSync('package-lock.json').mtimeMs > statSync(installed).mtimeMs) {
  console.error('Installing dependencies (once) …')
  // Not `npm ci`: it refuses a lock file that lacks optional packages of other platforms, which not every registry carries.
  const flags = ['--no-save', '--no-audit', '--no-fund', '--loglevel=error']
  execFileSync('npm', ['install', ...flags], { stdio: ['ignore', 2, 2] })
}
const { build } = await import('./build.mjs')
await build()
