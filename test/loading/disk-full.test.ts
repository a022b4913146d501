import { execFileSync } from 'node:child_process'
import { closeSync, mkdirSync, mkdtempSync, openSync, readdirSync, rmSync, writeSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { basename, join } from 'node:path'
import { expect, onTestFinished, test } from 'vitest'
import { fileError } from '../../src/loading/file-bytes.ts'
import { seededRandom } from '../arbitraries/seeded-random.ts'
import {
  abandonLake,
  closeLake,
  codeOf,
  folderOf,
  openedLake,
  statuses,
  temporaryFolder,
  undoLater,
  valuesOf,
} from './lakes.ts'
import { flowHeader } from './lines.ts'
import { isSoak } from './scale.ts'

function mount(folder: string, size: string): void {
  execFileSync('mount', ['-t', 'tmpfs', '-o', `size=${size}`, 'tmpfs', folder], { stdio: 'ignore' })
}

function unmount(folder: string): void {
  execFileSync('umount', ['--lazy', folder])
}

/** A new folder that is a disk of its own. */
function temporaryDisk(size: string): string {
  const folder = join(temporaryFolder(), 'disk')
  mkdirSync(folder)
  mount(folder, size)
  undoLater(() => unmount(folder))
  return folder
}

function tryToMount(): boolean {
  const folder = mkdtempSync(join(tmpdir(), 'millrace-disk-'))
  try {
    mount(folder, '1m')
    unmount(folder)
    return true
  } catch {
    return false
  } finally {
    rmSync(folder, { recursive: true })
  }
}

function resizeDisk(folder: string, size: string): void {
  execFileSync('mount', ['-o', `remount,size=${size}`, folder])
}

const canMount = tryToMount()

test('as root in CI, disks can be mounted, and the tests of full disks run', () => {
  const mustMount = process.env['CI'] !== undefined && process.getuid?.() === 0

  expect(canMount || !mustMount).toBe(true)
})

test('an error of a full device says DISK_FULL and names the file', () => {
  const full = openSync('/dev/full', 'w')
  onTestFinished(() => closeSync(full))
  const write = (): void => {
    try {
      writeSync(full, 'x')
    } catch (error) {
      throw fileError('/logs/a.log', error)
    }
  }

  expect(write).toThrow(expect.objectContaining({ code: 'DISK_FULL', message: expect.stringContaining('/logs/a.log') }))
})

const largeRows = 15_000
const smallRows = 100

/** Rows of the file at this place: two large files and a small one in turn. */
const rowsIn = (index: number): number => (index % 3 === 2 ? smallRows : largeRows)

/** Two large files and a small one, four times; hard to compress. */
function logFolder(): string {
  const random = seededRandom(7)
  const line = (): string => {
    const number = (): number => random.below(2 ** 31)
    return `2 123456789012 eni-${number().toString(16)}${number().toString(16)} 10.${random.below(256)}.${random.below(256)}.${random.below(256)} 10.${random.below(256)}.0.220 ${random.below(60_000)} 443 6 ${number()} ${number()} 1760104536 1760104596 ACCEPT OK`
  }
  const file = (rows: number): string => `${flowHeader}\n${Array.from({ length: rows }, () => `${line()}\n`).join('')}`
  const names = Array.from({ length: 12 }, (_, index) => [`${10 + index}.log`, file(rowsIn(index))] as const)
  return folderOf(Object.fromEntries(names))
}
const allRows = 8 * largeRows + 4 * smallRows

/** Sizes that run out while files are read, while rows are stored, and at a checkpoint. */
const sizes = isSoak ? Array.from({ length: 24 }, (_, index) => `${1500 + index * 500}k`) : ['2500k', '5m', '9m']

test.runIf(canMount).each(sizes.flatMap((size) => [[size, 1_000_000] as const, [size, 160 << 20] as const]))(
  'on a disk of %s, committing every %s bytes, files that fit load, the others say DISK_FULL, and load when there is space',
  async (size, commitBytes) => {
    const folder = logFolder()
    const directory = temporaryDisk(size)
    const lake = await openedLake({ directory, commitBytes })

    const summary = await lake.load(folder)
    const leftInSpool = readdirSync(join(directory, 'spool'))
    resizeDisk(directory, '200m')
    const again = await codeOf(lake.load(folder))
    await abandonLake(lake)
    const reopened = await openedLake({ directory, commitBytes })
    await reopened.load(folder)

    expect(new Set(summary.faults.map(({ code }) => code))).toEqual(new Set(['DISK_FULL']))
    for (const { file, message } of summary.faults) expect(message).toContain(file)
    expect(summary.files + summary.failed_files).toBe(12)
    expect(leftInSpool).toEqual([])
    // Whole files only: those that are not among the faults. A small one may find no block left beside large ones.
    const missing = summary.faults.map(({ file }) => rowsIn(Number(basename(file, '.log')) - 10))
    expect(summary.rows).toBe(missing.reduce((rows, lost) => rows - lost, allRows))
    expect(summary.rows % largeRows).toBeGreaterThan(0)
    // Without a restart the lake either goes on, or says what is to be done.
    expect(['nothing was refused', 'DISK_FULL', 'LAKE_DAMAGED', 'LAKE_CLOSED']).toContain(again)
    expect(await statuses(reopened, folder)).toEqual(readdirSync(folder).map((name) => `${name}: loaded`))
    expect(await valuesOf(reopened, 'select count(*)::integer from vpc_flow_logs')).toEqual([allRows])
    await closeLake(reopened)
  },
)
