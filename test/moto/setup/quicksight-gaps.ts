import type { IncomingMessage } from 'node:http'
import { z } from 'zod'

const bodyShape = z.looseObject({ DataSourceId: z.string().optional(), DataSetId: z.string().optional() })
type Body = z.output<typeof bodyShape>

/** What is there, as it was sent: of a dashboard all versions, of others the last alone. */
interface Asset {
  readonly versions: Body[]
  published: number
}

/** What was asked, taken apart. */
interface Asked {
  readonly method: string
  readonly kind: string
  readonly id: string
  /** What stands behind the id: `permissions`, `versions`, the number of a version. */
  readonly more: readonly string[]
  readonly version: string | null
  readonly body: Body
}

/**
 * Answers for moto where it knows an operation of QuickSight not at all: describing, changing and deleting data sets; listing, changing, publishing and deleting versions of
 * dashboards; who owns what; and refusing to make what is there. All else is moto's own answer: data sources, tags, making data sets and dashboards, and a dashboard's first version.
 */
export function quickSightGaps(): (request: IncomingMessage, body: Buffer) => Response | undefined {
  const assets = new Map<string, Asset>()
  return (request, sent) => {
    const { pathname, searchParams } = new URL(request.url ?? '', 'http://quicksight')
    const [, , account = '', kind = '', given, ...more] = pathname.split('/').map(decodeURIComponent)
    if (!/^\/accounts\/\d+\/(data-sources|data-sets|dashboards)(\/|$)/.test(pathname)) {
      // moto calls a data set data-set in ARNs, QuickSight dataset.
      if (pathname.startsWith('/resources/'))
        request.url = (request.url ?? '').replace('%3Adataset%2F', '%3Adata-set%2F')
      return undefined
    }
    const method = request.method ?? ''
    const body = bodyShape.parse(JSON.parse(sent.length === 0 ? '{}' : sent.toString()))
    const id = given ?? body.DataSourceId ?? body.DataSetId ?? ''
    const asked = { method, kind, id, more, version: searchParams.get('version-number'), body }
    return answerOf(assets, `${account}/${kind}/${id}`, asked)
  }
}

/** moto writes times as text, QuickSight as seconds. */
export function withSeconds(text: string): string {
  return text.replaceAll(/"(\w+Time)": "([^"]+)"/g, (_all, name: string, time: string) => {
    return `"${name}": ${Date.parse(`${time.replace(' ', 'T')}Z`) / 1000}`
  })
}

function answerOf(assets: Map<string, Asset>, key: string, asked: Asked): Response | undefined {
  const { method, kind, id, more, version, body } = asked
  const asset = assets.get(key)
  const [first, number] = more
  if (asset === undefined) {
    if (method !== 'POST' || first !== undefined) return refusal(404, 'ResourceNotFoundException', `There is no ${id}.`)
    assets.set(key, { versions: [body], published: 1 })
    return undefined
  }
  if (first === 'permissions') return Response.json({})
  if (method === 'POST') return refusal(409, 'ResourceExistsException', `There is a ${id}.`)
  if (method === 'DELETE') {
    assets.delete(key)
    return kind === 'data-sources' ? undefined : Response.json({})
  }
  if (kind === 'data-sources') return undefined
  if (kind === 'data-sets') {
    if (method === 'PUT') asset.versions.splice(0, 1, body)
    return Response.json(method === 'GET' ? { DataSet: asset.versions[0] } : { DataSetId: id })
  }
  if (first === 'versions' && method === 'GET') {
    const DashboardVersionSummaryList = asset.versions.map((_, index) => ({ VersionNumber: index + 1 }))
    return Response.json({ DashboardVersionSummaryList })
  }
  if (first === 'versions') {
    asset.published = Number(number)
    return Response.json({ DashboardId: id })
  }
  if (method === 'PUT') {
    asset.versions.push(body)
    return Response.json({ DashboardId: id })
  }
  const VersionNumber = version === null ? asset.published : Number(version)
  if (VersionNumber === 1) return undefined
  const Version = { VersionNumber, Status: 'CREATION_SUCCESSFUL' }
  return Response.json({ Dashboard: { DashboardId: id, Name: asset.versions[VersionNumber - 1]?.['Name'], Version } })
}

function refusal(status: number, code: string, Message: string): Response {
  return Response.json({ Message }, { status, headers: { 'x-amzn-errortype': code } })
}
