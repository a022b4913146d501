import { mkdirSync, mkdtempSync, readdirSync, realpathSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { expect } from 'vitest'
import {
  type HistoryEntry,
  type Lake,
  type LoadOptions,
  type LoadSummary,
  MillraceError,
  type OpenOptions,
  type Value,
} from '../../src/index.ts'
import { logTypes } from '../../src/log-type/registry.ts'
import { endings } from '../setup/endings.ts'
import './scale.ts'
import { openTestLake } from './template.ts'

/** What a test, or a whole file of tests, leaves to be closed, undone and removed. */
interface Leftovers {
  readonly lakes: Set<Lake>
  readonly undo: (() => void)[]
  readonly folders: string[]
}

const ofTest: Leftovers = { lakes: new Set(), undo: [], folders: [] }
const ofFile: Leftovers = { lakes: new Set(), undo: [], folders: [] }

endings.ofTest.push(() => clear(ofTest))
endings.ofFile.push(() => clear(ofFile))

async function clear({ lakes, undo, folders }: Leftovers): Promise<void> {
  try {
    for (const lake of [...lakes]) await closeLake(lake)
  } finally {
    for (const lake of lakes) await lake.close()
    lakes.clear()
    for (const work of undo.splice(0)) work()
    for (const folder of folders.splice(0)) rmSync(folder, { recursive: true, force: true })
  }
}

/** An empty folder, by its real path; removed after the test. */
export function temporaryFolder({ folders }: Leftovers = ofTest): string {
  const folder = realpathSync(mkdtempSync(join(tmpdir(), 'millrace-loading-')))
  folders.push(folder)
  return folder
}

/** Does this after the test, when its lakes are closed and its folders are still there. */
export function undoLater(work: () => void): void {
  ofTest.undo.push(work)
}

/** A folder with these files, loaded into a lake that all tests of a file share: for `beforeAll`. */
export async function loadOnce(
  files: Readonly<Record<string, string | Uint8Array>>,
  options: LoadOptions = {},
): Promise<{ readonly lake: Lake; readonly folder: string; readonly summary: LoadSummary }> {
  const folder = temporaryFolder(ofFile)
  writeFiles(folder, files)
  const lake = await sharedLake()
  return { lake, folder, summary: await lake.load(folder, options) }
}

/** A folder with these files. */
export function folderOf(files: Readonly<Record<string, string | Uint8Array>>): string {
  const folder = temporaryFolder()
  writeFiles(folder, files)
  return folder
}

export function writeFiles(folder: string, files: Readonly<Record<string, string | Uint8Array>>): void {
  for (const [name, content] of Object.entries(files)) {
    mkdirSync(dirname(join(folder, name)), { recursive: true })
    writeFileSync(join(folder, name), content)
  }
}

/** A new lake that all tests of a file share: for `beforeAll`. */
export async function sharedLake(): Promise<Lake> {
  const lake = await openTestLake(join(temporaryFolder(ofFile), 'lake'), { threads: 2 })
  ofFile.lakes.add(lake)
  return lake
}

/** Opens a lake, a new one unless a directory is given. It is closed after the test, and what it holds is checked. */
export async function openedLake(options: OpenOptions & { readonly directory?: string } = {}): Promise<Lake> {
  const { directory = join(temporaryFolder(), 'lake'), ...rest } = options
  const lake = await openTestLake(directory, { threads: 2, ...rest })
  ofTest.lakes.add(lake)
  return lake
}

/** Checks what a lake holds, and closes it. */
export async function closeLake(lake: Lake): Promise<void> {
  ofTest.lakes.delete(lake)
  ofFile.lakes.delete(lake)
  try {
    await checkAccounts(lake)
  } finally {
    await lake.close()
  }
}

/** Closes a lake that is in no state to be checked. */
export async function abandonLake(lake: Lake): Promise<void> {
  ofTest.lakes.delete(lake)
  await lake.close()
}

function storedIn(tables: readonly string[]): string {
  return [
    ...tables.map((table) => `select _file_id as file_id, _line as line, true as is_row from lake."${table}"`),
    'select file_id, line, false as is_row from lake.rejects',
  ].join(' union all ')
}

/**
 * Every line is accounted for: history adds up, tables and rejects hold what history says of each file and nothing of files
 * that are not loaded, no line is there twice, and the spool is empty. `more` are tables that scripts made.
 */
export async function checkAccounts(lake: Lake, more: readonly string[] = []): Promise<void> {
  const stored = storedIn([...logTypes.map(({ table }) => table), ...more])
  const faults = await rowsOf(
    lake,
    `with stored as (${stored}),
      counts as (
        select file_id, count(*) filter (is_row) as rows, count(*) filter (not is_row) as rejects, min(line) as first, max(line) as last,
          count(*) - count(distinct line) as repeated
        from stored group by file_id
      ),
      judged as (
        select coalesce(o.uri, 'file ' || c.file_id) as file, o.status::varchar as status,
          case
            when o.file_id is null then 'stored without history'
            when o.lines <> o.rows + o.rejects + o.skipped then 'lines do not add up'
            when repeated > 0 then 'lines are stored twice'
            when first < 1 or last > o.lines then 'lines beyond the file'
            when o.status not in ('loaded', 'partial', 'empty') and c.rows > 0 then 'rows of a file that is not loaded'
            when o.status in ('loaded', 'partial', 'empty') and (o.rows <> coalesce(c.rows, 0) or o.rejects <> coalesce(c.rejects, 0)) then 'history and tables differ'
            when o.status <> case when o.rejects > 0 then 'partial' when o.rows > 0 then 'loaded' else 'empty' end
              and o.status in ('loaded', 'partial', 'empty') then 'not its status'
          end as fault
        from lake.objects o full join counts c on c.file_id = o.file_id
      )
    select * from judged where fault is not null limit 10`,
  )
  expect(faults).toEqual([])
  expect(readdirSync(join(lake.directory, 'spool'))).toEqual([])
}

export async function rowsOf(lake: Lake, sql: string): Promise<Record<string, Value>[]> {
  const result = await lake.query(sql)
  return result.all()
}

/** The values of the first column. */
export async function valuesOf(lake: Lake, sql: string): Promise<(Value | undefined)[]> {
  return (await rowsOf(lake, sql)).map((row) => Object.values(row)[0])
}

/** The one history entry of a file. */
export async function historyOf(lake: Lake, file: string): Promise<HistoryEntry> {
  const entries = (await lake.history({ limit: 1_000_000 })).filter((entry) => entry.file === file)
  expect(entries, `history of ${file}`).toHaveLength(1)
  const [entry] = entries
  if (entry === undefined) throw new Error('unreachable')
  return entry
}

/** History as `name: status`, sorted, of files below a folder. */
export async function statuses(lake: Lake, folder: string): Promise<string[]> {
  const entries = await lake.history({ limit: 1_000_000 })
  return entries.map(({ file, status }) => `${file.replace(`${folder}/`, '')}: ${status}`).toSorted()
}

/** The code of what a promise rejects with. */
export async function codeOf(promise: Promise<unknown>): Promise<string> {
  try {
    await promise
  } catch (error) {
    if (error instanceof MillraceError) return error.code
    throw error
  }
  return 'nothing was refused'
}
