import { mkdirSync, mkdtempSync, readdirSync, realpathSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect } from 'vitest'
import type { Lake, Value } from '../../src/index.ts'
import { lastRows, ran } from './running.ts'
import { openTestLake } from '../loading/template.ts'

type Row = Record<string, Value>

/** A stage with files, and a table to copy them into. */
export interface Staged {
  /** The folder of the stage. */
  readonly folder: string
  readonly table: string
  readonly stage: (name: string, content: string | Uint8Array) => void
  /** The text of a COPY: what stands in its FILE_FORMAT, and what follows. */
  readonly copy: (format: string, options?: string) => string
  /** Runs it; what it says of each file. */
  readonly copied: (format: string, options?: string) => Promise<readonly Row[]>
  /** What the table holds. */
  readonly rows: (select?: string) => Promise<Row[]>
  /** Line, raw text and the reason's code. */
  readonly rejects: () => Promise<unknown[]>
}

/** One lake for all tests of a file, and what the tests need of it. */
export function lakeOfFile(): { readonly lake: () => Lake; readonly staged: (columns: string) => Promise<Staged> } {
  let directory = ''
  let opened: Lake | undefined
  let count = 0
  const lake = (): Lake => {
    if (opened === undefined) throw new Error('the lake is not open')
    return opened
  }
  beforeAll(async () => {
    directory = realpathSync(mkdtempSync(join(tmpdir(), 'millrace-staged-')))
    opened = await openTestLake(join(directory, 'lake'), { threads: 2 })
  })
  afterAll(async () => {
    const left = readdirSync(join(lake().directory, 'spool'))
    await lake().close()
    rmSync(directory, { recursive: true, force: true })
    expect(left).toEqual([])
  })
  return {
    lake,
    staged: async (columns) => {
      const table = `t${++count}`
      const folder = join(directory, table)
      mkdirSync(folder)
      await ran(lake(), `create stage s_${table} url = 'file://${folder}/'; create table ${table} (${columns})`)
      const query = async (sql: string): Promise<Row[]> => (await lake().query(sql)).all()
      const copy: Staged['copy'] = (format, options = '') =>
        `copy into ${table} from @s_${table} file_format = (${format}) ${options}`
      return {
        folder,
        table,
        stage: (name, content) => {
          writeFileSync(join(folder, name), content)
        },
        copy,
        copied: (format, options) => lastRows(lake(), copy(format, options)),
        rows: (select = '*') => query(`select ${select} from ${table} order by all`),
        rejects: async () => {
          const rejects = await lake().rejects({ limit: 10_000 })
          const own = rejects.filter(({ table_name }) => table_name === `public.${table}`)
          return own.map(({ line, raw, reason }) => [line, raw, reason.split(':')[0]])
        },
      }
    },
  }
}
