import type { ListRequest, ListedObject } from '../aws/list-objects.ts'
import type { S3Client } from '../aws/s3.ts'
import { type Day, type Mixed, type Skip, isBefore, skipBehind } from './listing.ts'

/** Folders among days that are no days, beyond which nothing is left out: each takes a request. */
const maxOthers = 20

/**
 * Pages of objects without those whose keys say that they are of an earlier day. Where a page ends among earlier days, listing goes on
 * behind them: that takes a request for every earlier year of a root with dates, and three for the day's own year. Objects whose keys say no
 * day that is known are all listed, but for those in a root's earlier year or month: they are taken for that year's. Each object is given once.
 */
export async function* listSince(
  client: S3Client,
  request: ListRequest,
  since: Day,
): AsyncGenerator<readonly ListedObject[], void> {
  /** Where skipping is not worth it. */
  const crowded = new Set<string>()
  let from: { readonly startAfter?: string | undefined; readonly token?: string } | undefined = request
  while (from !== undefined) {
    const { objects, next }: Page = await client.listPage({ ...request, startAfter: from.startAfter }, from.token)
    yield objects.filter(({ key }) => !isBefore(key, since))
    if (next === undefined) return
    from = { token: next }
    const last = objects.at(-1)?.key
    const skip = last === undefined ? undefined : skipBehind(last, since)
    if (last === undefined || skip === undefined || crowded.has(skip.to)) continue
    const others = await othersUpTo(client, request, last, skip)
    if (others === undefined) {
      crowded.add(skip.to)
      continue
    }
    yield others.objects.filter(({ key }) => !isBefore(key, since))
    for (const prefix of others.folders) yield* listSince(client, { ...request, prefix, startAfter: last }, since)
    from = { startAfter: skip.to }
  }
}

type Page = Awaited<ReturnType<S3Client['listPage']>>

/** What is listed of a page. */
interface Others {
  readonly objects: readonly ListedObject[]
  readonly folders: readonly string[]
}

/** What stands behind a key up to where listing goes on, and is of no earlier month or day. Undefined where that is much. */
async function othersUpTo(
  client: S3Client,
  request: ListRequest,
  last: string,
  { to, through }: Skip,
): Promise<Others | undefined> {
  const found: { objects: ListedObject[]; folders: string[] } = { objects: [], folders: [] }
  const isAhead = (key: string): boolean => compareKeys(key, last) > 0 && compareKeys(key, to) <= 0
  for (const mixed of through) {
    const prefix = commonPrefix(mixed, request.prefix ?? '')
    if (prefix === undefined) continue
    const page = await client.listPage({
      ...request,
      prefix,
      delimiter: mixed.separator,
      startAfter: undefined,
      pageSize: undefined,
    })
    found.objects.push(...page.objects.filter(({ key }) => isAhead(key)))
    const isOther = (folder: string): boolean =>
      !mixed.isPast(folder) && !to.startsWith(folder) && (isAhead(folder) || last.startsWith(folder))
    found.folders.push(...page.folders.filter(isOther))
    if (page.next !== undefined || found.folders.length > maxOthers) return undefined
    // Without the day's own month there are no days of it.
    if (!page.folders.some((folder) => to.startsWith(folder))) break
  }
  return found
}

/** The prefix that is of both, unless what was asked for lies deeper, or elsewhere. */
function commonPrefix({ prefix, separator }: Mixed, asked: string): string | undefined {
  if (prefix.startsWith(asked)) return prefix
  return asked.startsWith(prefix) && !asked.slice(prefix.length).includes(separator) ? asked : undefined
}

/** In the order of S3: by the bytes of UTF-8. */
function compareKeys(one: string, other: string): number {
  return Buffer.compare(Buffer.from(one), Buffer.from(other))
}
