// The log files that benchmarks read: made once for each size from a fixed seed, and used again.
import {
  closeSync,
  createReadStream,
  existsSync,
  mkdirSync,
  openSync,
  readFileSync,
  readSync,
  readdirSync,
  renameSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { createGunzip, gzipSync } from 'node:zlib'
import { fromLibrary } from './library.mjs'
import { dataFolder } from './options.mjs'

const seed = 1
/** Records end here, so that the same input comes out on every day. */
const end = Date.UTC(2026, 10, 1) / 1000

const flow = { type: 'vpc-flow-logs' }
const access = { type: 's3-access-logs' }
/** Where the rows of a log type are found. */
const tables = { 'vpc-flow-logs': 'vpc_flow_logs', 's3-access-logs': 's3_access_logs' }
const linesInSmallFile = 20

/** Inputs by name, at full size. `files` stays when an input is scaled down, unless `scaleFiles` says otherwise. */
const inputs = {
  'flow-default': { ...flow, rows: 5_000_000, files: 50 },
  'flow-v5': { ...flow, rows: 5_000_000, files: 50, fields: 'v5', shuffleFields: true },
  'flow-full': { ...flow, rows: 5_000_000, files: 50, fields: 'full' },
  // Lines that cannot be read: what rejects cost.
  'flow-rejects': { ...flow, rows: 5_000_000, files: 50, badLines: 0.01 },
  access: { ...access, rows: 1_000_000, files: 2000, scaleFiles: true },
  'small-files': { ...flow, rows: 2_000_000, files: 100_000, scaleFiles: true, write: writeSmallFiles },
  // Plain text of 2 to 5 KB.
  'small-plain': { ...flow, rows: 3_000_000, files: 100_000, scaleFiles: true, write: writeSmallPlain },
  // The largest files that AWS delivers.
  'flow-75mb': { ...flow, rows: 13_600_000, files: 3 },
  talkers: { ...flow, rows: 20_000_000, files: 200 },
  // Ten gigabytes of text or a little more each.
  'flow-10gb': { ...flow, rows: 90_000_000, files: 900, scaleFiles: true, gzipLevel: 1 },
  'flow-10gb-one-plain': { ...flow, rows: 90_000_000, files: 1, format: 'plain' },
  'flow-10gb-one-gzip': { ...flow, rows: 90_000_000, files: 1, gzipLevel: 1 },
  'access-10gb': { ...access, rows: 16_000_000, files: 16_000, scaleFiles: true },
  'access-10gb-one-plain': { ...access, rows: 16_000_000, files: 1 },
}

export const inputNames = Object.keys(inputs)

/** Makes an input unless it is there. Returns its folder and what a reader must find in it. */
export async function input(name, scale) {
  const { rows: allRows, files: allFiles, scaleFiles = false, write = writeFiles, ...options } = inputs[name]
  const rows = Math.max(Math.round(allRows * scale), 1000)
  const files = scaleFiles ? Math.max(Math.round(allFiles * scale), 10) : allFiles
  const place = join(dataFolder('inputs'), `${name}-${rows}x${files}`)
  const folder = join(place, 'files')
  const facts = join(place, 'facts.json')
  if (!existsSync(facts)) {
    console.error(`Making ${name}: ${rows.toLocaleString('en')} records in ${files.toLocaleString('en')} files …`)
    const part = `${place}.part`
    rmSync(part, { recursive: true, force: true })
    mkdirSync(part, { recursive: true })
    const made = await write(join(part, 'files'), { ...options, rows, files, seed, end })
    writeFileSync(join(part, 'facts.json'), JSON.stringify({ ...made, ...(await sizes(join(part, 'files'))) }))
    rmSync(place, { recursive: true, force: true })
    renameSync(part, place)
  }
  return { name, place, folder, table: tables[options.type], ...JSON.parse(readFileSync(facts, 'utf8')) }
}

export function filesBelow(folder) {
  return readdirSync(folder, { withFileTypes: true, recursive: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name))
    .toSorted()
}

async function writeFiles(folder, options) {
  const { generate } = await fromLibrary('generate/generate.js')
  const { rows, rejects } = await generate(folder, options)
  return { rows, rejects }
}

/** Files of 20 records and a header, cut from larger ones: the generator spreads rows by the rhythm of the day, not evenly. */
function writeSmallPlain(folder, options) {
  return writeSmallFiles(folder, options, { lines: 30, isPlain: true })
}

async function writeSmallFiles(
  folder,
  { files, ...options },
  { lines: perFile = linesInSmallFile, isPlain = false } = {},
) {
  const { generate } = await fromLibrary('generate/generate.js')
  const whole = `${folder}-whole`
  const sources = 50
  await generate(whole, {
    ...options,
    format: 'plain',
    rows: options.rows + sources * perFile,
    files: sources,
  })
  let count = 0
  for (const path of filesBelow(whole)) {
    const [header, ...lines] = readFileSync(path, 'latin1').trimEnd().split('\n')
    const stem = join(folder, path.slice(whole.length)).replace(/_[0-9a-f]+\.log$/, '')
    mkdirSync(dirname(stem), { recursive: true })
    for (let at = 0; at + perFile <= lines.length && count < files; at += perFile) {
      const text = [header, ...lines.slice(at, at + perFile), ''].join('\n')
      const target = `${stem}_${count.toString(16).padStart(8, '0')}.log`
      const bytes = Buffer.from(text, 'latin1')
      if (isPlain) writeFileSync(target, bytes)
      else writeFileSync(`${target}.gz`, gzipSync(bytes))
      count++
    }
  }
  rmSync(whole, { recursive: true })
  if (count !== files) throw new Error(`${count} files were made where ${files} were wanted.`)
  return { rows: count * perFile, rejects: 0 }
}

/** Bytes as stored, and of the text in them. */
async function sizes(folder) {
  let storedBytes = 0
  let textBytes = 0
  const paths = filesBelow(folder)
  for (const path of paths) {
    const { size } = statSync(path)
    storedBytes += size
    if (!path.endsWith('.gz')) textBytes += size
    else if (size < countFrom) textBytes += statedSize(path, size)
    else for await (const chunk of createReadStream(path).pipe(createGunzip())) textBytes += chunk.length
  }
  return { files: paths.length, storedBytes, textBytes }
}

/** The last four bytes of a gzip file say how large its text is, modulo 4 GiB: enough for files below this size. */
const countFrom = 64 << 20

function statedSize(path, size) {
  const file = openSync(path, 'r')
  const last = Buffer.alloc(4)
  readSync(file, last, 0, 4, size - 4)
  closeSync(file)
  return last.readUInt32LE(0)
}

// Run by itself, it makes the inputs that are named: node bench/inputs.mjs flow-default access
if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const scale = Number(process.env['MILLRACE_BENCH_SCALE'] ?? 1)
  for (const name of process.argv.slice(2)) console.log(JSON.stringify(await input(name, scale)))
}
