import { fileURLToPath } from 'node:url'
import { MillraceError } from '../../errors.ts'
import { canonicalUrl } from '../../stages/canonical.ts'
import type { Stages } from '../../stages/open.ts'
import type { Stage, StageObject } from '../../stages/stage.ts'
import { failed } from '../execution/failure.ts'
import type { ExternalFiles } from '../statement/external-files.ts'
import type { ExternalTable } from './external-table.ts'
import type { Partition } from './partition-store.ts'
import { projected, projectionOf } from './projection.ts'

/** Where the files of a table are. */
export interface FilePlaces {
  /** Folders to list. */
  readonly folders: readonly string[]
  /** The values of the table's partition columns for an object; undefined where it is none of the table's. */
  readonly valuesOf: (uri: string) => readonly string[] | undefined
}

/** A folder's URL with its last slash. */
export function folderOf(url: string): string {
  return url.endsWith('/') ? url : `${url}/`
}

/** The URL of what lies beneath a folder. */
export function beneath(folder: string, path: string): string {
  const parts = path.split('/').map((part) => (folder.startsWith('file:') ? encodeURIComponent(part) : part))
  return `${folderOf(folder)}${parts.join('/')}/`
}

/** What the URIs of a folder's objects begin with, also where it is not there (yet). */
export function rootOf(url: string): string {
  try {
    return canonicalUrl(folderOf(url))
  } catch (error) {
    if (!isMissing(error)) throw error
    return fileURLToPath(folderOf(url))
  }
}

/** The places of an external table. */
export function placesOf(
  { external, partitionedBy }: ExternalTable,
  partitions: readonly Partition[],
  nowMs: number,
): FilePlaces {
  return filePlaces({ ...external, partitionedBy }, partitions, nowMs)
}

/** The same, by what a catalog says: of a projection, of partitions, or of the table itself. */
export function filePlaces(
  files: Pick<ExternalFiles, 'location' | 'properties'> & { readonly partitionedBy: readonly string[] },
  partitions: readonly Pick<Partition, 'location' | 'values'>[],
  nowMs: number,
): FilePlaces {
  if (files.partitionedBy.length === 0) return { folders: [folderOf(files.location)], valuesOf: () => [] }
  const projection = projectionOf(files)
  if (projection !== undefined) {
    const { folder, valuesOf } = projected(projection, nowMs, rootOf)
    return { folders: [folder], valuesOf }
  }
  const roots = new Map(partitions.map(({ location, values }) => [rootOf(location), values]))
  return {
    folders: partitions.map(({ location }) => location),
    // A partition's folder is one of those that the object's name goes through.
    valuesOf: (uri) => {
      for (let end = uri.lastIndexOf('/'); end > 0; end = uri.lastIndexOf('/', end - 1)) {
        const values = roots.get(uri.slice(0, end + 1))
        if (values !== undefined) return values
      }
      return undefined
    },
  }
}

/** One stage of several folders. A folder that is not there holds nothing. */
export async function stageOf({ folders, valuesOf }: FilePlaces, stages: Stages): Promise<Stage> {
  const opened = new Map<string, Stage>()
  for (const folder of folders) {
    const stage = await stages.open(folder).catch((error: unknown) => {
      if (isMissing(error)) return undefined
      throw error
    })
    if (stage !== undefined) opened.set(folder, stage)
  }
  const isLocal = folders.some((folder) => folder.startsWith('file:'))
  if (isLocal && folders.some((folder) => !folder.startsWith('file:')))
    throw failed('the partitions of one table are either in buckets or in folders of this machine; make two tables')
  const byBucket = new Map([...opened].map(([folder, stage]) => [bucketOf(folder), stage]))
  return {
    onChange: 'replace',
    async *list(signal) {
      for (const stage of opened.values())
        for await (const objects of stage.list(signal)) {
          const own = objects.filter(({ uri }) => valuesOf(uri) !== undefined)
          if (own.length > 0) yield own
        }
    },
    ...(isLocal ? {} : { fetch: (object, signal) => fetchOf(object, byBucket)(object, signal) }),
  }
}

function fetchOf({ uri }: StageObject, stages: ReadonlyMap<string, Stage>): NonNullable<Stage['fetch']> {
  const fetch = stages.get(bucketOf(uri))?.fetch
  if (fetch === undefined) throw failed(`${uri} was listed, and its bucket is not open`)
  return fetch
}

function bucketOf(uri: string): string {
  return uri.split('/', 3).join('/')
}

function isMissing(error: unknown): boolean {
  return error instanceof MillraceError && error.code === 'SOURCE_MISSING'
}
