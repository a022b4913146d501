import { cpSync, existsSync, mkdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { closeLake, codeOf, folderOf, openedLake, statuses, temporaryFolder, valuesOf } from './lakes.ts'
import { flowFile } from './lines.ts'

const rowCount = 'select count(*)::integer from vpc_flow_logs'

test('a backup holds what the lake held, and a restore puts it back and keeps what was there', async () => {
  const lake = await openedLake()
  const backup = join(temporaryFolder(), 'backup')
  await lake.load(folderOf({ 'a.log': `${flowFile(3)}bad\n` }))

  const made = await lake.backup(backup)
  await lake.load(folderOf({ 'b.log': flowFile(5) }))
  const restored = await lake.restore(backup)

  expect(made).toMatchObject({ directory: backup, files: 1, rows: 3 })
  expect(restored).toMatchObject({ files: 1, rows: 3 })
  expect(await valuesOf(lake, rowCount)).toEqual([3])
  expect(await lake.rejects()).toMatchObject([{ raw: 'bad' }])
  expect(statSync(restored.previous).isDirectory()).toBe(true)
  expect(await lake.load(folderOf({ 'c.log': flowFile(2) }))).toMatchObject({ files: 1, rows: 2 })
})

test('a backup taken while a load runs is of one moment: whole commits, and the rest loads after a restore', async () => {
  const folder = folderOf(
    Object.fromEntries(Array.from({ length: 20 }, (_, index) => [`${10 + index}.log`, flowFile(5, index * 10)])),
  )
  const root = temporaryFolder()
  const backups: Promise<{ directory: string; files: number; rows: number }>[] = []
  const lake = await openedLake({
    commitBytes: 1,
    onPoint: (point) => {
      if (point === 'load:rows' && backups.length < 3) backups.push(lake.backup(join(root, `backup-${backups.length}`)))
    },
  })

  await lake.load(folder)
  const made = await Promise.all(backups)

  expect(await valuesOf(lake, rowCount)).toEqual([100])
  for (const { directory, files, rows } of made) {
    expect(files).toBeLessThan(20)
    expect(rows).toBe(files * 5)
    const copy = await openedLake({ directory: join(temporaryFolder(), 'lake') })
    await copy.restore(directory)
    expect(await valuesOf(copy, rowCount)).toEqual([rows])
    expect(await copy.load(folder)).toMatchObject({ files: 20 - files, skipped_files: files })
    expect(await valuesOf(copy, rowCount)).toEqual([100])
    await closeLake(copy)
  }
})

test('a backup opens as a lake of its own', async () => {
  const lake = await openedLake()
  await lake.load(folderOf({ 'a.log': flowFile(3) }))
  const directory = join(temporaryFolder(), 'backup')
  await lake.backup(directory)
  const copy = join(temporaryFolder(), 'lake')
  cpSync(join(directory, 'millrace.duckdb'), join(copy, 'millrace.duckdb'))

  const other = await openedLake({ directory: copy })

  expect(await valuesOf(other, rowCount)).toEqual([3])
})

test('a backup brings the words of small sets along', async () => {
  const line = flowFile(1).replace('ACCEPT', 'ALLOW')
  const lake = await openedLake()
  await lake.load(folderOf({ 'a.log': line }))
  const backup = join(temporaryFolder(), 'backup')
  await lake.backup(backup)
  const other = await openedLake()
  await other.load(folderOf({ 'b.log': line.replace('ALLOW', 'DENY') }))

  await other.restore(backup)
  await other.load(folderOf({ 'c.log': line.replace('ALLOW', 'DROP') }))

  expect(await valuesOf(other, 'select action from vpc_flow_logs order by 1')).toEqual(['ALLOW', 'DROP'])
})

test('a backup into a folder that holds something, and a restore of what is no whole backup, are refused and change nothing', async () => {
  const lake = await openedLake()
  const folder = folderOf({ 'a.log': flowFile(3) })
  await lake.load(folder)
  const backup = join(temporaryFolder(), 'backup')
  await lake.backup(backup)
  const broken = (change: (directory: string) => void): string => {
    const directory = join(temporaryFolder(), 'broken')
    cpSync(backup, directory, { recursive: true })
    change(directory)
    return directory
  }

  expect(await codeOf(lake.backup(folder))).toBe('USAGE')
  const database = readFileSync(join(backup, 'millrace.duckdb'))
  const refused = [
    temporaryFolder(),
    join(folder, 'nowhere'),
    broken((directory) => rmSync(join(directory, 'backup.json'))),
    broken((directory) => rmSync(join(directory, 'millrace.duckdb'))),
    broken((directory) =>
      writeFileSync(join(directory, 'millrace.duckdb'), database.subarray(0, database.length >> 1)),
    ),
    broken((directory) =>
      writeFileSync(join(directory, 'backup.json'), '{"millrace_backup":1,"created_at":"","files":7,"rows":7}'),
    ),
    broken((directory) => writeFileSync(join(directory, 'backup.json'), '{}')),
  ]
  for (const directory of refused) expect(await codeOf(lake.restore(directory)), directory).toBe('BACKUP_INVALID')

  expect(await valuesOf(lake, rowCount)).toEqual([3])
  expect(await statuses(lake, folder)).toEqual(['a.log: loaded'])
  expect(existsSync(join(folder, 'nowhere'))).toBe(false)
})

test('a backup can be restored twice, and into a lake that was never used', async () => {
  const lake = await openedLake()
  await lake.load(folderOf({ 'a.log': flowFile(3) }))
  const backup = join(temporaryFolder(), 'backup')
  mkdirSync(backup)
  await lake.backup(backup)
  const other = await openedLake()

  await other.restore(backup)
  await other.load(folderOf({ 'b.log': flowFile(4) }))
  await other.restore(backup)

  expect(await valuesOf(other, rowCount)).toEqual([3])
})
