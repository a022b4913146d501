// Builds dist/: TypeScript by tsc, one WebAssembly kernel per file in src/loading/kernels (columns.ts is what they share), SQL as it is.
import { execFileSync } from 'node:child_process'
import { cpSync, existsSync, mkdirSync, readdirSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { pathToFileURL } from 'node:url'

const kernels = 'src/loading/kernels'
const stamp = 'dist/.built'

function newest(path) {
  const stats = statSync(path)
  if (!stats.isDirectory()) return stats.mtimeMs
  return Math.max(stats.mtimeMs, ...readdirSync(path).map((name) => newest(join(path, name))))
}

function filesBelow(folder) {
  return readdirSync(folder, { withFileTypes: true }).flatMap((entry) =>
    entry.isDirectory() ? filesBelow(join(folder, entry.name)) : [join(folder, entry.name)],
  )
}

export function build() {
  const sources = Math.max(...['src', 'scripts', 'package-lock.json', 'tsconfig.build.json'].map(newest))
  if (existsSync(stamp) && statSync(stamp).mtimeMs > sources) return
  rmSync('dist', { recursive: true, force: true })
  const node = (script, ...args) => execFileSync(process.execPath, [script, ...args], { stdio: ['ignore', 2, 2] })
  node('node_modules/typescript/bin/tsc', '-p', 'tsconfig.build.json')
  mkdirSync('dist/loading/kernels', { recursive: true })
  for (const name of readdirSync(kernels).filter((file) => file.endsWith('.kernel.ts'))) {
    const out = `dist/loading/kernels/${name.replace('.kernel.ts', '.wasm')}`
    node(
      'node_modules/assemblyscript/bin/asc.js',
      `${kernels}/${name}`,
      '-o',
      out,
      '-O3',
      '--noAssert',
      '--runtime',
      'minimal',
      '--enable',
      'simd',
    )
  }
  for (const file of filesBelow('src').filter((path) => path.endsWith('.sql'))) {
    const target = join('dist', file.slice('src/'.length))
    mkdirSync(dirname(target), { recursive: true })
    cpSync(file, target)
  }
  writeFileSync(stamp, '')
}

if (import.meta.url === pathToFileURL(process.argv[1] ?? '').href) build()
