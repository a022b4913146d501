import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { Lake } from '../src/api.ts'
import { MillraceError } from '../src/errors.ts'
import { openTestLake } from './loading/template.ts'

describe('a failing statement', () => {
  let directory: string
  let lake: Lake

  beforeAll(async () => {
    directory = await mkdtemp(join(tmpdir(), 'millrace-place-'))
    lake = await openTestLake(join(directory, 'lake'))
  })

  afterAll(async () => {
    await lake.close()
    await rm(directory, { recursive: true, force: true })
  })

  const failure = async (sql: string): Promise<MillraceError> => {
    const error: unknown = await lake
      .query(sql)
      .then((result) => result.all())
      .catch((thrown: unknown) => thrown)
    if (error instanceof MillraceError) return error
    throw new Error(`${sql} did not fail.`)
  }

  const long = '1, '.repeat(100)

  test.each([
    ['select nothing from vpc_flow_logs', 'nothing'],
    ['select count(*)\nfrom nowhere', 'nowhere'],
    ['select 1,\n  fro vpc whera', 'whera'],
    ["select 'äö🙂',\n fro a b c", 'b c'],
    ["select 'äöüäöü',\n nothing", 'nothing'],
    [`select ${long} nothing, ${long} 1 from vpc_flow_logs`, 'nothing'],
    ['explain select 1 1', '1'],
    ['select\n\n\tnosuch(1)', 'nosuch'],
    ["select 1, cast('a' as integer)", 'cast'],
  ])('%j points at %j', async (sql, at) => {
    const { place, message } = await failure(sql)
    const line = sql.split('\n')[(place?.line ?? 0) - 1] ?? ''

    expect(line.slice((place?.column ?? 0) - 1)).toMatch(new RegExp(`^${at}`))
    expect(message).toMatch(/^LINE \d+: .*\n *\^$/m)
  })

  test('at its end points behind the last character', async () => {
    expect((await failure('select (1')).place).toEqual({ line: 1, column: 10 })
  })
})
