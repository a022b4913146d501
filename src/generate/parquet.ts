import { rm, stat } from 'node:fs/promises'
import type { FlowField } from './flow-fields.ts'
import { writePlain } from './write.ts'

/** Writes Parquet files through an engine in memory. */
interface ParquetWriter {
  write(path: string, chunks: Iterable<Buffer>, fields: readonly FlowField[]): Promise<number>
  close(): void
}

/** Turns the text of flow logs into Parquet as AWS writes it: underscored names, integers, NULL for `-`, gzip inside. */
export async function openParquetWriter(): Promise<ParquetWriter> {
  const { DuckDBInstance } = await import('@duckdb/node-api')
  const instance = await DuckDBInstance.create(':memory:', { threads: '1' })
  return {
    async write(path, chunks, fields) {
      const textPath = `${path}.txt`
      const connection = await instance.connect()
      try {
        await writePlain(textPath, chunks)
        await connection.run(copyStatement(textPath, path, fields))
        return (await stat(path)).size
      } finally {
        connection.closeSync()
        await rm(textPath, { force: true })
      }
    },
    close() {
      instance.closeSync()
    },
  }
}

function copyStatement(textPath: string, path: string, fields: readonly FlowField[]): string {
  const columns = fields.map((field) => `${quoted(field.name.replaceAll('-', '_'))}: ${quoted(field.type)}`)
  return `copy (
    select *
    from read_csv(
      ${quoted(textPath)},
      auto_detect = false,
      header = true,
      delim = ' ',
      quote = '',
      escape = '',
      nullstr = '-',
      columns = { ${columns.join(', ')} }
    )
  ) to ${quoted(path)} (format parquet, compression gzip)`
}

function quoted(text: string): string {
  return `'${text.replaceAll("'", "''")}'`
}
