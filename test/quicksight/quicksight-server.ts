import type { IncomingMessage } from 'node:http'
import { text } from 'node:stream/consumers'
import { z } from 'zod'
import type { Respond } from '../aws/servers.ts'

const bodyShape = z.looseObject({
  Tags: z.array(z.object({ Key: z.string(), Value: z.string() })).optional(),
  DataSourceId: z.string().optional(),
  DataSetId: z.string().optional(),
})

type Type = 'datasource' | 'dataset' | 'dashboard'

const types: Readonly<Record<string, Type>> = {
  'data-sources': 'datasource',
  'data-sets': 'dataset',
  dashboards: 'dashboard',
}

interface Version {
  status: string
  readonly body: object
}

interface Asset {
  readonly versions: Version[]
  published: number
}

/** A request that changes something. */
export interface Sent {
  readonly method: string
  readonly path: string
  readonly body: object
}

class Refused extends Error {
  readonly status: number
  readonly code: string

  constructor(status: number, code: string, message: string) {
    super(message)
    this.status = status
    this.code = code
  }
}

/**
 * QuickSight as its API's reference has it, as far as a deployment asks: ids are the caller's, making takes two looks, a dashboard's change is a version that
 * must be published, and cannot be before it was made. Versions are listed one a page.
 */
export class QuickSightServer {
  readonly sent: Sent[] = []
  /** Statuses that the next assets made end in, by type. */
  readonly fails = new Map<Type, string>()
  /** The number of the request that is to get no answer, counted over those that change something. */
  breaksAt: number | undefined
  private readonly assets = new Map<string, Asset>()
  private readonly tags = new Map<string, Map<string, string>>()

  readonly respond: Respond = (request, response) => {
    void this.respondTo(request, response)
  }

  /** Of an asset as it is published. */
  published(type: Type, id: string): object | undefined {
    const asset = this.assets.get(`${type}/${id}`)
    return asset?.versions[asset.published - 1]?.body
  }

  /** Takes all tags away, as if somebody else had made everything; gives them back when it is told to. */
  forgetTags(): () => void {
    const kept = [...this.tags]
    this.tags.clear()
    return () => {
      for (const [arn, tags] of kept) this.tags.set(arn, tags)
    }
  }

  private async respondTo(...[request, response]: Parameters<Respond>): Promise<void> {
    try {
      const body = await this.answer(request)
      if (body === undefined) response.destroy()
      else response.writeHead(200, { 'content-type': 'application/json' }).end(JSON.stringify(body))
    } catch (error) {
      const { status, code, message } =
        error instanceof Refused ? error : new Refused(500, 'InternalFailureException', String(error))
      const headers = { 'content-type': 'application/json', 'x-amzn-errortype': code }
      response.writeHead(status, headers).end(JSON.stringify({ Message: message }))
    }
  }

  private async answer(request: IncomingMessage): Promise<object | undefined> {
    const { pathname, searchParams } = new URL(request.url ?? '', 'http://quicksight')
    const body = bodyShape.parse(JSON.parse((await text(request)) || '{}'))
    const method = request.method ?? ''
    if (method !== 'GET') {
      this.sent.push({ method, path: decodeURIComponent(pathname), body })
      if (this.sent.length === this.breaksAt) {
        this.breaksAt = undefined
        return undefined
      }
    }
    const parts = pathname.split('/').slice(1).map(decodeURIComponent)
    if (parts[0] === 'resources') return this.answerTags(method, parts[1] ?? '', body)
    const [, account = '', kind = '', given, more, number] = parts
    const type = types[kind]
    if (type === undefined) throw new Refused(404, 'UnknownOperationException', pathname)
    const id = given ?? body.DataSourceId ?? body.DataSetId ?? ''
    const key = `${type}/${id}`
    const arn = `arn:aws:quicksight:eu-west-1:${account}:${key}`
    const asset = this.assets.get(key)
    if (more === 'permissions' && asset !== undefined) return {}
    if (method === 'POST') {
      if (asset !== undefined) throw new Refused(409, 'ResourceExistsException', `${key} is there.`)
      this.assets.set(key, { versions: [this.version(type, body)], published: 1 })
      this.tags.set(arn, new Map(body.Tags?.map(({ Key, Value }) => [Key, Value])))
      return { Arn: arn }
    }
    if (asset === undefined) throw new Refused(404, 'ResourceNotFoundException', `${key} is not there.`)
    if (method === 'DELETE') {
      this.assets.delete(key)
      return {}
    }
    if (method === 'PUT' && more === 'versions') {
      const wanted = Number(number)
      const version = asset.versions[wanted - 1]
      if (version?.status !== 'CREATION_SUCCESSFUL') {
        if (version !== undefined) this.goOn(type, version)
        throw new Refused(400, 'InvalidParameterValueException', `Version ${wanted} is not ready.`)
      }
      asset.published = wanted
      return {}
    }
    if (method === 'PUT') {
      if (type === 'dashboard') asset.versions.push(this.version(type, body))
      else asset.versions.splice(0, 1, this.version(type, body))
      return { Arn: arn }
    }
    if (more === 'versions') {
      const page = Number(searchParams.get('next-token') ?? 1)
      return {
        DashboardVersionSummaryList: [{ VersionNumber: page, Status: asset.versions[page - 1]?.status }],
        ...(page < asset.versions.length ? { NextToken: String(page + 1) } : {}),
      }
    }
    return this.described(type, asset, Number(searchParams.get('version-number') ?? asset.published))
  }

  private version(type: Type, body: object): Version {
    const version: Version = { status: 'CREATION_IN_PROGRESS', body }
    if (type === 'dataset') version.status = 'CREATION_SUCCESSFUL'
    return version
  }

  /** It has become ready when it is looked at, or published, for the second time. */
  private described(type: Type, asset: Asset, number: number): object {
    const version = asset.versions[number - 1]
    if (version === undefined) throw new Refused(404, 'ResourceNotFoundException', `There is no version ${number}.`)
    const { status, body } = version
    this.goOn(type, version)
    const errors = status.endsWith('FAILED') ? [{ Type: 'ACCESS_DENIED', Message: 'no right to Athena' }] : []
    if (type === 'datasource') return { DataSource: { ...body, Status: status, ErrorInfo: errors[0] } }
    // QuickSight makes a logical table for each that it is sent.
    if (type === 'dataset') return { DataSet: { ...body, LogicalTableMap: { made: { Alias: 'flows' } } } }
    return { Dashboard: { ...body, Version: { Status: status, VersionNumber: number, Errors: errors } } }
  }

  private goOn(type: Type, version: Version): void {
    if (version.status !== 'CREATION_IN_PROGRESS') return
    version.status = this.fails.get(type) ?? 'CREATION_SUCCESSFUL'
    this.fails.delete(type)
  }

  private answerTags(method: string, arn: string, { Tags = [] }: z.output<typeof bodyShape>): object {
    const tags = this.tags.get(arn) ?? new Map<string, string>()
    if (method === 'POST') {
      for (const { Key, Value } of Tags) tags.set(Key, Value)
      this.tags.set(arn, tags)
      return {}
    }
    return { Tags: [...tags].map(([Key, Value]) => ({ Key, Value })) }
  }
}
