// Builds dist/: the program's modules put together by Vite, their types by tsc, one WebAssembly kernel per file in src/loading/kernels (columns.ts is
// what they share), SQL and dashboards as they are, and the page (web/) by Vite into dist/web. Each half is built when its sources changed.
import { execFileSync } from 'node:child_process'
import { chmodSync, cpSync, existsSync, mkdirSync, readdirSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { build as put } from 'vite'

const kernels = 'src/loading/kernels'
const namesIn = (folder) => readdirSync(`src/${folder}`).map((file) => `${folder}/${file.slice(0, -'.ts'.length)}`)
// Put together, since reading 600 modules took most of the time that a command took.
const programs = {
  entries: ['cli', 'index', 'loading/parse-worker', ...namesIn('log-types')],
  // What tests, benchmarks and the reference read of its inside.
  inside: [
    'cages/cages',
    'generate/generate',
    'lake',
    'log-type/registry',
    'named-queries/registry',
    'server/metrics',
    'server/openapi/operations',
    'server/server',
  ],
  /** Each by itself: it may read no file but its own. */
  cages: ['cages/javascript-cage', 'cages/python-cage', 'cages/python-snapshot'],
  /** Packages of many files that every start reads. */
  packages: ['@duckdb/node-api', 'commander', 'yaml', 'zod'],
}
const stamp = 'dist/.built'
const page = {
  folder: 'dist/web',
  stamp: 'dist/.page-built',
  sources: [
    'web',
    'src/dashboard',
    'src/worksheet',
    'src/text-folder',
    'src/named-queries',
    'src/errors.ts',
    'src/sql/dialects.ts',
    'src/server/answers.ts',
    'src/server/json.ts',
    'src/server/pipe-shapes.ts',
    'src/server/task-shapes.ts',
    'src/server/visible.ts',
  ],
}

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

function isBuilt(built, sources) {
  return existsSync(built) && statSync(built).mtimeMs > Math.max(...sources.map(newest))
}

const node = (script, ...args) => execFileSync(process.execPath, [script, ...args], { stdio: ['ignore', 2, 2] })

export async function build() {
  if (!isBuilt(stamp, ['src', 'scripts', 'package-lock.json', 'tsconfig.build.json'])) await buildProgram()
  if (!isBuilt(page.stamp, [...page.sources, 'package-lock.json'])) buildPage()
}

async function putTogether(names, license) {
  await put({
    configFile: false,
    logLevel: 'warn',
    publicDir: false,
    ssr: { noExternal: programs.packages },
    build: {
      ssr: true,
      outDir: 'dist',
      emptyOutDir: false,
      target: 'node20',
      minify: false,
      license,
      rolldownOptions: {
        input: Object.fromEntries(names.map((name) => [name, `src/${name}.ts`])),
        output: {
          entryFileNames: '[name].js',
          // src/program.ts asks where it is, and so lies in dist/ as it does in src/.
          chunkFileNames: ({ name }) => (name === 'program' ? 'program.js' : 'chunks/[name]-[hash].js'),
          codeSplitting: { groups: [{ name: 'program', test: /src\/program\.ts$/ }] },
        },
      },
    },
  })
}

function buildPage() {
  rmSync(page.stamp, { force: true })
  node('node_modules/typescript/bin/tsc', '-p', 'web')
  node('node_modules/vite/bin/vite.js', 'build', 'web', '--logLevel', 'warn')
  writeFileSync(page.stamp, '')
}

async function buildProgram() {
  for (const name of existsSync('dist') ? readdirSync('dist') : [])
    if (!['web', '.page-built'].includes(name)) rmSync(join('dist', name), { recursive: true, force: true })
  node('node_modules/typescript/bin/tsc', '-p', 'tsconfig.build.json')
  await putTogether([...programs.entries, ...programs.inside], { fileName: 'licenses.md' })
  // `npx millrace` makes it executable only the first time that it meets this folder.
  chmodSync('dist/cli.js', 0o755)
  for (const cage of programs.cages) await putTogether([cage], false)
  node('dist/cages/python-snapshot.js', 'dist/cages/python.snapshot')
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
  for (const file of filesBelow('src').filter((path) => /\.(sql|yaml)$/.test(path))) {
    const target = join('dist', file.slice('src/'.length))
    mkdirSync(dirname(target), { recursive: true })
    cpSync(file, target)
  }
  writeFileSync(stamp, '')
}

if (import.meta.url === pathToFileURL(process.argv[1] ?? '').href) await build()
