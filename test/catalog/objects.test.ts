import * as fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { readObjects, removeObject, writeObject } from '../../src/catalog/objects.ts'
import type { CatalogObject } from '../../src/catalog/objects.ts'
import type { Lake } from '../../src/index.ts'
import { parseStatement } from '../../src/sql/script.ts'
import { DuckDBInstance } from '@duckdb/node-api'
import { migrate } from '../../src/catalog/migrate.ts'
import { isSoak } from '../loading/scale.ts'
import { openedLake } from '../loading/lakes.ts'
import { cellOf, failureOf, lastRows, ran } from '../run/running.ts'

function objectOf(sql: string, name: string): CatalogObject {
  const definition = parseStatement(sql)
  if (definition.kind !== 'create-stage' && definition.kind !== 'create-file-format') throw new Error(sql)
  const kind = definition.kind === 'create-stage' ? 'STAGE' : 'FILE FORMAT'
  return { kind, database: 'D', schema: 'S', name, definition, createdAt: '2026-11-20 12:00:00', dialect: 'snowflake' }
}

test('what is written is read back, and is gone when it is removed', async () => {
  const instance = await DuckDBInstance.create(':memory:')
  const connection = await instance.connect()
  await migrate(connection)
  const stage = objectOf(`create stage "s'1" url = 's3://b/' comment = 'it''s \\\\ "so"'`, "s'1")
  const format = objectOf(String.raw`create file format "s'1" type = csv null_if = ('\\N', '') comment = 'c'`, "s'1")

  const own = await readObjects(connection)
  await writeObject(connection, stage)
  await writeObject(connection, { ...stage, createdAt: '2026-11-20 13:00:00' })
  await writeObject(connection, format)
  const both = await readObjects(connection)
  const rows = await connection.runAndReadAll(
    `select kind, comment, properties ->> 'url' from lake.pipeline_objects where database_name = 'D' order by kind`,
  )
  await removeObject(connection, stage)

  expect(own.map(({ kind, database, name }) => [kind, database, name])).toEqual([
    ['DATABASE', '', 'MILLRACE'],
    ['SCHEMA', 'MILLRACE', 'PUBLIC'],
  ])
  expect(both.filter(({ database }) => database === 'D')).toEqual([
    format,
    { ...stage, createdAt: '2026-11-20 13:00:00' },
  ])
  expect(rows.getRows()).toEqual([
    ['FILE FORMAT', 'c', null],
    ['STAGE', `it's \\ "so"`, 's3://b/'],
  ])
  expect((await readObjects(connection)).filter(({ database }) => database === 'D')).toEqual([format])
  connection.closeSync()
  instance.closeSync()
})

interface Step {
  readonly verb: 'create' | 'replace' | 'if not exists' | 'drop' | 'drop if exists' | 'rename'
  readonly kind: 'STAGE' | 'FILE FORMAT' | 'WAREHOUSE'
  readonly name: string
  readonly other: string
  readonly comment: string
}

/** Names as they are written, with those that the catalog shall hold. */
const names: Readonly<Record<string, string>> = {
  one: 'ONE',
  oNe: 'ONE',
  '"one"': 'one',
  '"ONE"': 'ONE',
  two: 'TWO',
  '"a.b"': 'a.b',
}

const anyName = fc.constantFrom(...Object.keys(names))

const anyStep: fc.Arbitrary<Step> = fc.record({
  verb: fc.constantFrom('create', 'replace', 'if not exists', 'drop', 'drop if exists', 'rename'),
  kind: fc.constantFrom('STAGE', 'FILE FORMAT', 'WAREHOUSE'),
  name: anyName,
  other: anyName,
  comment: fc.constantFrom('x', "it''s", 'ö "q"'),
})

const needed = { STAGE: "url = 's3://b/'", 'FILE FORMAT': 'type = json', WAREHOUSE: 'warehouse_size = small' }

function sqlOf({ verb, kind, name, other, comment }: Step): string {
  const rest = `${needed[kind]} comment = '${comment}'`
  switch (verb) {
    case 'create':
      return `create ${kind} ${name} ${rest}`
    case 'replace':
      return `create or replace ${kind} ${name} ${rest}`
    case 'if not exists':
      return `create ${kind} if not exists ${name} ${rest}`
    case 'drop':
      return `drop ${kind} ${name}`
    case 'drop if exists':
      return `drop ${kind} if exists ${name}`
    case 'rename':
      return `alter ${kind} ${name} rename to ${other}`
  }
}

/** Does a step on the model; false where it must fail. */
function does({ verb, kind, name, other, comment }: Step, model: Map<string, string>): boolean {
  const key = `${kind} ${names[name]}`
  const said = comment.replaceAll("''", "'")
  const has = model.has(key)
  if (verb === 'create' && has) return false
  if (verb === 'create' || verb === 'replace' || (verb === 'if not exists' && !has)) model.set(key, said)
  if (verb === 'if not exists') return true
  if (verb === 'drop' || verb === 'drop if exists') return model.delete(key) || verb === 'drop if exists'
  if (verb !== 'rename') return true
  const to = `${kind} ${names[other]}`
  if (!has || model.has(to)) return false
  model.set(to, model.get(key) ?? '')
  model.delete(key)
  return true
}

async function contents(lake: Lake): Promise<Map<string, string>> {
  const found = new Map<string, string>()
  for (const kind of ['STAGE', 'FILE FORMAT', 'WAREHOUSE'])
    for (const row of await lastRows(lake, `show ${kind}s`))
      found.set(`${kind} ${cellOf(row, 'name')}`, cellOf(row, 'comment'))
  return found
}

describe('against a map', () => {
  test('create, replace, drop and rename do what they do to names', async () => {
    const lake = await openedLake()
    await fc.assert(
      fc.asyncProperty(fc.array(anyStep, { minLength: 1, maxLength: 12 }), async (steps) => {
        const model = new Map<string, string>()
        for (const step of steps) {
          const before = new Map(model)
          if (does(step, model)) await ran(lake, sqlOf(step))
          else {
            expect((await failureOf(lake, sqlOf(step))).code).toBe('STATEMENT_FAILED')
            expect(model).toEqual(before)
          }
        }
        expect(await contents(lake)).toEqual(model)
        for (const key of model.keys()) {
          const [, kind = '', name = ''] = /^(STAGE|FILE FORMAT|WAREHOUSE) (.*)$/.exec(key) ?? []
          await ran(lake, `drop ${kind} "${name}"`)
        }
      }),
      { numRuns: isSoak ? 500 : 15 },
    )
  })
})
