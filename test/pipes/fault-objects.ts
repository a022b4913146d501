import { createHash } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { writeRows } from '../../src/loading/spool-rows.ts'
import type { OpenLake } from '../../src/lake.ts'
import { readNotification } from '../../src/pipes/notifications.ts'
import type { Cloud } from './cloud.ts'
import type { Plan, PlannedPut } from './fault-plan.ts'
import { eventOf, flowLog } from './world.ts'

/** A content, and the values of `bytes` in its records, which no other content has. */
interface Content {
  readonly body: Uint8Array | string
  readonly values: readonly number[]
  readonly etag: string
}

interface PutObject {
  readonly put: PlannedPut
  readonly uri: string
  readonly contents: readonly [Content, Content]
  /** What it is now; undefined while it is not there. */
  now: Content | undefined
  isRead: boolean
}

/** The objects of a run: what is put, told, and must be in the lake in the end. */
export class PutObjects {
  private readonly plan: Plan
  private readonly cloud: Cloud
  private readonly bucket: string
  private readonly queues: { readonly flow: string; readonly parquet: string }
  private readonly byUri: ReadonlyMap<string, PutObject>
  private readonly telling: Promise<void>[] = []

  constructor(plan: Plan, cloud: Cloud, bucket: string, queues: PutObjects['queues'], folder: string) {
    this.plan = plan
    this.cloud = cloud
    this.bucket = bucket
    this.queues = queues
    const objects = plan.puts.map((put, index): PutObject => {
      const contents = [0, 1].map((version) => {
        const first = index * 1000 + version * 500
        const records = put.records[version === 0 ? 0 : 1]
        const isBad = version === 0 && put.fate === 'bad'
        return isBad ? badContent(index) : contentOf(put.kind, records, first, folder)
      })
      const [one, other] = contents
      if (one === undefined || other === undefined) throw new Error('There are two contents.')
      return { put, uri: `s3://${bucket}/${put.key}`, contents: [one, other], now: undefined, isRead: false }
    })
    this.byUri = new Map(objects.map((object) => [object.uri, object]))
  }

  /** Puts and tells all, in time. */
  async putAll(): Promise<void> {
    await Promise.all([...this.byUri.values()].map((object) => this.putInTime(object)))
    await Promise.all(this.telling)
  }

  /** Something else happens to some objects just before they are first read. */
  async beforeGet(key: string): Promise<void> {
    const object = this.byUri.get(`s3://${this.bucket}/${key}`)
    if (object === undefined || object.isRead) return
    object.isRead = true
    if (object.put.fate === 'replaced-before-get') await this.write(object, 1)
    if (object.put.fate === 'deleted') {
      object.now = undefined
      await this.cloud.remove(this.bucket, key)
    }
  }

  /** URIs that a message tells of. */
  told(body: string): string[] {
    const read = readNotification(body)
    return read.kind === 'objects' ? read.objects.map(({ bucket, key }) => `s3://${bucket}/${key}`) : []
  }

  async isThere(uri: string): Promise<boolean> {
    const object = this.byUri.get(uri)
    return object !== undefined && this.cloud.has(this.bucket, object.put.key)
  }

  /** URIs of what cannot be read. */
  bad(): string[] {
    return [...this.byUri.values()]
      .filter(({ now }) => now?.values.length === 0)
      .map(({ uri }) => uri)
      .toSorted()
  }

  /** Puts good content in the place of what cannot be read. */
  async mendAll(): Promise<void> {
    for (const object of this.byUri.values()) if (object.put.fate === 'bad') await this.write(object, 1, false)
  }

  /** Where the lake does not hold just what the bucket does. */
  async differences(lake: OpenLake, variantTable: string): Promise<string[]> {
    const loaded = await (
      await lake.query<{ uri: string; n: number }>(`
        select o.uri, (to_json(t)->>'bytes')::bigint as n from lake.vpc_flow_logs t join lake.objects o on o.file_id = t._file_id
        union all select o.uri, (to_json(t)->'record'->>'bytes')::bigint from lake."${variantTable}" t join lake.objects o on o.file_id = t._file_id`)
    ).all()
    const held = await (
      await lake.query<{ uri: string; version: string }>(
        "select uri, version from lake.objects where status = 'changed'",
      )
    ).all()
    const values = new Map<string, number[]>()
    for (const { uri, n } of loaded) values.set(uri, [...(values.get(uri) ?? []), n])
    const found: string[] = [...values.keys()]
      .filter((uri) => !this.byUri.has(uri))
      .map((uri) => `${uri} was never put`)
    for (const object of this.byUri.values()) {
      const rows = text(values.get(object.uri) ?? [])
      const isHeld = held.some(({ uri, version }) => uri === object.uri && version === object.now?.etag)
      if (!this.allowed(object, isHeld).includes(rows))
        found.push(`${object.uri} (${object.put.fate}${isHeld ? ', held' : ''}): ${rows}`)
    }
    return found
  }

  /** The rows that there may be of an object. */
  private allowed({ put, contents: [first, second], now }: PutObject, isHeld: boolean): string[] {
    if (now === undefined) return ['']
    if (put.fate !== 'replaced') return [text(now.values)]
    const allowed = [text(second.values)]
    if (isHeld) allowed.push(text(first.values))
    // COPY INTO a table of a script takes what changed as well, as Snowflake has it.
    if (put.kind === 'parquet' && this.plan.deeds.some(({ deed }) => deed === 'copy'))
      allowed.push(text([...first.values, ...second.values]))
    return allowed
  }

  private async putInTime(object: PutObject): Promise<void> {
    const { put } = object
    await sleep(put.atMs)
    await this.write(object, 0)
    if (put.fate === 'replaced') {
      await sleep(put.records[0] * 4)
      await this.write(object, 1)
    }
  }

  /** Puts a content; messages follow, unless they are lost. */
  private async write(object: PutObject, version: 0 | 1, isTold = true): Promise<void> {
    const { put, contents } = object
    const { body } = contents[version]
    object.now = contents[version]
    await this.cloud.put(this.bucket, put.key, body)
    if (!isTold) return
    const event = eventOf(this.bucket, put.key, Buffer.from(body))
    for (const ms of put.messagesMs) this.telling.push(this.tell(this.queues[put.kind], event, ms))
  }

  private async tell(queue: string, event: string, afterMs: number): Promise<void> {
    await sleep(afterMs)
    await this.cloud.send(queue, event)
  }
}

function text(values: readonly number[]): string {
  return values.toSorted((one, other) => one - other).join(' ')
}

function etagOf(body: Uint8Array | string): string {
  return createHash('md5').update(body).digest('hex')
}

function badContent(index: number): Content {
  const body = Buffer.from([0x1f, 0x8b, 1, 2, 3, index])
  return { body, values: [], etag: etagOf(body) }
}

function contentOf(kind: PlannedPut['kind'], records: number, first: number, folder: string): Content {
  const values = Array.from({ length: records }, (_, record) => first + record)
  const body = kind === 'flow' ? flowLog(records, first) : parquetOf(values, join(folder, `${first}.parquet`))
  return { body, values, etag: etagOf(body) }
}

function parquetOf(values: readonly number[], path: string): Uint8Array {
  writeRows(path, [{ name: 'bytes', type: 'int64', values }])
  return readFileSync(path)
}
