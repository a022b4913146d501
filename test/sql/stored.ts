import { DuckDBInstance } from '@duckdb/node-api'
import { join } from 'node:path'
import { createLogTables } from '../../src/catalog/log-tables.ts'
import { migrate } from '../../src/catalog/migrate.ts'
import { type Engine, openEngine } from '../../src/engines/duckdb.ts'
import { logTypes } from '../../src/log-type/registry.ts'
import type { OpenLake } from '../../src/lake.ts'
import { temporaryFolder } from '../loading/lakes.ts'
import { openTestLake } from '../loading/template.ts'

/** Runs statements of the engine on a lake that is closed: the way to tables that no statement of Millrace makes yet. */
export async function storeInto(directory: string, statements: readonly string[]): Promise<void> {
  const instance = await DuckDBInstance.create(join(directory, 'millrace.duckdb'), {
    storage_compatibility_version: 'latest',
  })
  const connection = await instance.connect()
  try {
    for (const statement of statements) await connection.run(statement)
  } finally {
    connection.closeSync()
    instance.closeSync()
  }
}

/** A lake in which these statements of the engine were run. */
export async function lakeWith(statements: readonly string[], directory = temporaryFolder()): Promise<OpenLake> {
  await (await openTestLake(directory)).close()
  await storeInto(directory, statements)
  return openTestLake(directory)
}

/** The engine of a new lake, without the rest of it. */
export async function openedEngine(directory: string): Promise<Engine> {
  const settings = {
    memoryLimit: '512MB',
    threads: 2,
    spillDirectory: join(directory, 'spill'),
    allowedDirectories: [],
  }
  return openEngine({ file: join(directory, 'millrace.duckdb'), ...settings }, async (connection) => {
    await migrate(connection)
    await createLogTables(connection, logTypes)
  })
}
