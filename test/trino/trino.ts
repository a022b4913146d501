import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { CreateBucketCommand, PutObjectCommand, S3Client } from '@aws-sdk/client-s3'
import { startFauxqs } from 'fauxqs'
import { z } from 'zod'
import { type OpenLake, openLake } from '../../src/lake.ts'

const answer = z.object({
  nextUri: z.string().optional(),
  columns: z.array(z.object({ name: z.string(), type: z.string() })).optional(),
  data: z.array(z.array(z.unknown())).default([]),
  error: z.object({ message: z.string() }).optional(),
})

export type Row = Readonly<Record<string, unknown>>

/** Runs a statement on the Trino that `npm run test:trino` has started; its rows. */
export async function trino(sql: string, schema = 'default'): Promise<Row[]> {
  const headers = {
    'X-Trino-User': 'test',
    'X-Trino-Catalog': 'hive',
    'X-Trino-Schema': schema,
    'X-Trino-Time-Zone': 'UTC',
  }
  let page = answer.parse(
    await (
      await fetch(`${process.env['MILLRACE_TRINO'] ?? ''}/v1/statement`, { method: 'POST', body: sql, headers })
    ).json(),
  )
  let columns = page.columns
  const rows: unknown[][] = [...page.data]
  while (page.nextUri !== undefined) {
    page = answer.parse(await (await fetch(page.nextUri, { headers })).json())
    columns ??= page.columns
    rows.push(...page.data)
  }
  if (page.error !== undefined) throw new Error(`${page.error.message}\n${sql}`)
  const names = (columns ?? []).map(({ name }) => name)
  return rows.map((row) => Object.fromEntries(names.map((name, index) => [name, row[index] ?? null])))
}

/** A bucket that Trino and a lake both read. */
export interface Shared {
  readonly bucket: string
  readonly lake: OpenLake
  /** An empty folder of this machine. */
  readonly folder: string
  put(key: string, body: string | Buffer): Promise<void>
  close(): Promise<void>
}

let buckets = 0

export async function openShared(): Promise<Shared> {
  const port = Number(process.env['MILLRACE_TRINO_S3_PORT'])
  const server = await startFauxqs({ port, logger: false })
  const endpoint = `http://127.0.0.1:${port}`
  const credentials = { accessKeyId: 'test', secretAccessKey: 'test' }
  Object.assign(process.env, {
    AWS_ENDPOINT_URL: endpoint,
    AWS_REGION: 'eu-west-1',
    AWS_ACCESS_KEY_ID: 'test',
    AWS_SECRET_ACCESS_KEY: 'test',
  })
  const sdk = new S3Client({ endpoint, region: 'eu-west-1', forcePathStyle: true, credentials })
  const bucket = `shared-${Date.now()}-${++buckets}`
  await sdk.send(new CreateBucketCommand({ Bucket: bucket }))
  const folder = await mkdtemp(join(tmpdir(), 'millrace-trino-lake-'))
  const lake = await openLake(join(folder, 'lake'))
  return {
    bucket,
    lake,
    folder,
    put: async (key, body) => {
      await sdk.send(new PutObjectCommand({ Bucket: bucket, Key: key, Body: body }))
    },
    close: async () => {
      await lake.close()
      sdk.destroy()
      await server.stop()
      await rm(folder, { recursive: true, force: true })
    },
  }
}

/** Rows as texts, in the order of these; what stands for the same value in both engines is the same text. */
export function texts(rows: readonly Row[]): string[] {
  return rows.map((row) => JSON.stringify(Object.values(row).map(textOf))).toSorted((a, b) => (a < b ? -1 : 1))
}

function textOf(value: unknown): string | null {
  if (value === null || value === undefined) return null
  const text = typeof value === 'string' ? value : JSON.stringify(value)
  // A moment: 2026-11-21 10:00:00.000 is 2026-11-21 10:00:00.
  const moment = /^(\d{4}-\d\d-\d\d)[ T](\d\d:\d\d:\d\d)(\.\d*?)?0*Z?$/.exec(text)
  if (moment !== null) return `${moment[1] ?? ''} ${moment[2] ?? ''}${moment[3] === '.' ? '' : (moment[3] ?? '')}`
  // A number: what is left behind fifteen digits hangs on the order of sums.
  return text !== '' && Number.isFinite(Number(text)) ? String(Number(Number(text).toPrecision(12))) : text
}
