// Runs test/trino against a Trino server with its Hive connector over an S3 store that the tests start: what is printed for Athena is read by
// the engine that Athena is made from. The server is fetched from Maven Central once, into .trino, and ended with the tests. Arguments go to vitest.
import { spawn, spawnSync } from 'node:child_process'
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  writeFileSync,
} from 'node:fs'
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'

/** The newest that Maven Central has whole. */
const version = '476'
/** Java that it runs on. */
const oldestJava = 24
const folder = resolve('.trino')
const server = join(folder, `trino-server-core-${version}`)
const startMs = 240_000

function fail(message) {
  console.error(message)
  process.exit(1)
}

/** The program of a Java that is new enough, of those that this machine has. */
function findJava() {
  const homes = [
    process.env.JAVA_HOME,
    ...(existsSync('/usr/lib/jvm') ? readdirSync('/usr/lib/jvm').map((name) => join('/usr/lib/jvm', name)) : []),
  ]
  const programs = [...homes.filter(Boolean).map((home) => join(home, 'bin', 'java')), 'java']
  return programs.find((program) => {
    const { status, stderr } = spawnSync(program, ['-version'], { encoding: 'utf8' })
    return status === 0 && Number(/version "(\d+)/.exec(stderr)?.[1]) >= oldestJava
  })
}

function run(command, args) {
  return spawnSync(command, args, { stdio: ['ignore', 2, 2] }).status === 0
}

function fetchArtifact(artifact) {
  const copy = 'org.apache.maven.plugins:maven-dependency-plugin:3.6.1:copy'
  if (!run('mvn', ['-q', '-B', copy, `-Dartifact=io.trino:${artifact}`, `-DoutputDirectory=${folder}`]))
    fail(`io.trino:${artifact} could not be fetched. See what mvn says above.`)
}

function install() {
  const stamp = join(folder, 'installed.txt')
  if (existsSync(stamp) && readFileSync(stamp, 'utf8') === version) return
  console.error(`Fetching Trino ${version} into .trino (once, 450 MB) …`)
  rmSync(folder, { recursive: true, force: true })
  mkdirSync(folder)
  fetchArtifact(`trino-server-core:${version}:tar.gz`)
  fetchArtifact(`trino-hive:${version}:zip`)
  const [core, hive] = [join(folder, `trino-server-core-${version}.tar.gz`), join(folder, `trino-hive-${version}.zip`)]
  if (!run('tar', ['-xzf', core, '-C', folder]) || !run('unzip', ['-q', hive, '-d', folder]))
    fail('Trino could not be unpacked. See above; tar and unzip are needed.')
  renameSync(join(folder, `trino-hive-${version}`), join(server, 'plugin', 'hive'))
  for (const archive of [core, hive]) rmSync(archive)
  writeFileSync(stamp, version)
}

/** A port that is free now. */
function freePort() {
  return new Promise((done) => {
    const taken = createServer().listen(0, '127.0.0.1', () => {
      const { port } = taken.address()
      taken.close(() => done(port))
    })
  })
}

const properties = (values) =>
  Object.entries(values)
    .map(([name, value]) => `${name}=${value}\n`)
    .join('')

/** Starts the server on this machine's own address; its log goes to a file. */
async function startServer(java, data, s3Port) {
  const port = await freePort()
  const etc = join(data, 'etc')
  mkdirSync(join(etc, 'catalog'), { recursive: true })
  writeFileSync(
    join(etc, 'config.properties'),
    properties({
      coordinator: true,
      'node-scheduler.include-coordinator': true,
      'http-server.http.port': port,
      'node.bind-ip': '127.0.0.1',
      'node.internal-address': '127.0.0.1',
      'discovery.uri': `http://127.0.0.1:${port}`,
      'node.environment': 'test',
      'catalog.config-dir': join(etc, 'catalog'),
      'query.max-memory': '512MB',
      'query.max-memory-per-node': '512MB',
    }),
  )
  writeFileSync(
    join(etc, 'catalog', 'hive.properties'),
    properties({
      'connector.name': 'hive',
      'hive.metastore': 'file',
      'hive.metastore.catalog.dir': 'local:///metastore',
      'fs.native-local.enabled': true,
      'local.location': data,
      'fs.native-s3.enabled': true,
      's3.endpoint': `http://127.0.0.1:${s3Port}`,
      's3.region': 'eu-west-1',
      's3.path-style-access': true,
      's3.aws-access-key': 'test',
      's3.aws-secret-key': 'test',
      'hive.recursive-directories': true,
      'hive.partition-projection-enabled': true,
      'hive.allow-register-partition-procedure': true,
      'hive.hive-views.enabled': true,
    }),
  )
  const trino = spawn(
    java,
    [
      '-Xmx1500m',
      '-XX:+UseSerialGC',
      '-XX:+ExitOnOutOfMemoryError',
      '-Djdk.attach.allowAttachSelf=true',
      '--enable-native-access=ALL-UNNAMED',
      '--sun-misc-unsafe-memory-access=allow',
      '--add-modules=jdk.incubator.vector',
      '-cp',
      join(server, 'lib', '*'),
      `-Dconfig=${join(etc, 'config.properties')}`,
      `-Dnode.data-dir=${data}`,
      'io.trino.server.TrinoServer',
    ],
    { cwd: server, stdio: ['ignore', 'pipe', 'pipe'] },
  )
  let said = ''
  for (const stream of [trino.stdout, trino.stderr])
    stream.on('data', (part) => {
      said = (said + part).slice(-4000)
    })
  process.on('exit', () => trino.kill('SIGKILL'))
  trino.on('error', (error) => fail(`Trino did not start: ${error.message}`))
  trino.on('exit', (code) => fail(`Trino ended with ${code}.\n${said}`))
  const url = `http://127.0.0.1:${port}`
  for (const end = Date.now() + startMs; Date.now() < end; await new Promise((next) => setTimeout(next, 500))) {
    const info = await fetch(`${url}/v1/info`)
      .then((answer) => answer.json())
      .catch(() => undefined)
    if (info?.starting === false) return { url, stop: () => trino.removeAllListeners('exit') }
  }
  return fail(`Trino did not start within ${startMs / 1000} seconds.\n${said}`)
}

function runTests(environment) {
  const vitest = ['node_modules/vitest/vitest.mjs', 'run', '--config', 'vitest.trino.config.ts']
  const tests = spawn(process.execPath, [...vitest, ...process.argv.slice(2)], {
    stdio: 'inherit',
    env: { ...process.env, ...environment },
  })
  process.on('exit', () => tests.kill())
  return new Promise((done) => tests.on('exit', (code) => done(code ?? 1)))
}

// Both children end with this process, whatever ends it.
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) process.on(signal, () => process.exit(1))
const java = findJava()
if (java === undefined || spawnSync('mvn', ['-version']).status !== 0) {
  console.error(`The tests against Trino are left out: they need Maven, and Java ${oldestJava} or newer.`)
  process.exit(0)
}
install()
const data = mkdtempSync(join(tmpdir(), 'millrace-trino-'))
process.on('exit', () => rmSync(data, { recursive: true, force: true }))
const s3Port = await freePort()
const { url, stop } = await startServer(java, data, s3Port)
const code = await runTests({ MILLRACE_TRINO: url, MILLRACE_TRINO_S3_PORT: String(s3Port) })
stop()
process.exit(code)
