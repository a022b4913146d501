import { DuckDBInstance } from '@duckdb/node-api'
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { openLake } from '../../src/index.ts'

const dump = new URL('./schema.sql', import.meta.url)

/** Everything in an empty lake's catalog, as text in a fixed order. */
async function dumpCatalog(database: string): Promise<string> {
  const instance = await DuckDBInstance.create(database)
  const connection = await instance.connect()
  const list = async (sql: string): Promise<string[]> =>
    (await connection.runAndReadAll(sql)).getRows().map(([text]) => String(text))
  const ours = "schema_name in ('main', 'lake', 'logs', 'public') and not internal"
  try {
    return [
      ...(await list(
        `select 'create schema ' || schema_name || ';' from duckdb_schemas() where schema_name in ('lake', 'logs', 'public') order by 1`,
      )),
      ...(await list(`select sql from duckdb_tables() where ${ours} order by schema_name, table_name`)),
      ...(await list(`select sql from duckdb_views() where ${ours} order by schema_name, view_name`)),
      ...(await list(
        `select '-- function ' || schema_name || '.' || function_name || '(' || array_to_string(parameters, ', ') || ')' from duckdb_functions() where ${ours} order by 1`,
      )),
      '',
    ].join('\n\n')
  } finally {
    connection.closeSync()
    instance.closeSync()
  }
}

test('an empty lake has the schema that is checked in', async () => {
  const directory = mkdtempSync(join(tmpdir(), 'millrace-schema-'))
  try {
    await (await openLake(directory)).close()

    const found = await dumpCatalog(join(directory, 'millrace.duckdb'))

    if (process.env['CI'] === undefined && found !== readFileSync(dump, 'utf8')) {
      writeFileSync(new URL('./schema-changed.sql', import.meta.url), found)
    }
    expect(found).toBe(readFileSync(dump, 'utf8'))
  } finally {
    rmSync(directory, { recursive: true })
  }
})
