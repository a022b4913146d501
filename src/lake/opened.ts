import type { DuckDBConnection } from '@duckdb/node-api'
import { createLogTables } from '../catalog/log-tables.ts'
import { migrate } from '../catalog/migrate.ts'
import { type CatalogObject, readObjects } from '../catalog/objects.ts'
import { type Engine, openEngine } from '../engines/duckdb.ts'
import type { LakeFiles } from './files.ts'
import { Writer } from '../loading/writer.ts'
import { logTypes } from '../log-type/registry.ts'
import type { Settings } from '../settings.ts'
import { alignRelations } from '../sql/relations/align.ts'
import { type LakeNames, keepByVersion, readLakeNames } from '../sql/relations/lake-names.ts'
import { endLostRuns } from '../tasks/task-store.ts'

/** What is open while a lake is: replaced as a whole by a restore. */
export interface Opened {
  readonly engine: Engine
  readonly writer: Writer
  readonly names: () => Promise<LakeNames>
  readonly objects: () => Promise<readonly CatalogObject[]>
}

/** Opens the database, made or brought to this Millrace's form where it is not. */
export async function openDatabase(files: LakeFiles, settings: Settings): Promise<Opened> {
  const engine = await openEngine(
    {
      file: files.database,
      spillDirectory: files.spill,
      allowedDirectories: [files.spool],
      memoryLimit: settings.memoryLimit,
      threads: settings.threads,
    },
    async (connection) => {
      await migrate(connection)
      await endLostRuns(connection)
      await createLogTables(connection, logTypes)
      await alignAtOpen(connection)
    },
  )
  const writer = await Writer.open(engine)
  const version = (): number => writer.catalogVersion
  return {
    engine,
    writer,
    names: keepByVersion(engine, version, readLakeNames),
    objects: keepByVersion(engine, version, readObjects),
  }
}

/** Views of people are over those of the log types, which are of this Millrace. */
async function alignAtOpen(connection: DuckDBConnection): Promise<void> {
  await connection.run('begin')
  await alignRelations(connection, await readObjects(connection))
  await connection.run('commit')
}
