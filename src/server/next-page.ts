import type { HistoryEntry, RejectEntry } from '../api.ts'
import { jsonResponse } from './bodies.ts'

/**
 * A page of a list, newest first. While it is full there may be more, and the header `Link` (RFC 8288) names the next page: what stands behind
 * its last entry, so that loads in between shift nothing.
 */
export function pageResponse(
  address: string,
  entries: readonly (HistoryEntry | RejectEntry)[],
  limit: number | undefined,
): Response {
  const response = jsonResponse(entries)
  const last = entries.at(-1)
  if (last === undefined || entries.length < (limit ?? 100)) return response
  const { pathname, searchParams } = new URL(address)
  searchParams.set('after', placeOf(last))
  response.headers.set('link', `<${pathname}?${searchParams.toString()}>; rel="next"`)
  return response
}

/** As `after` takes it: load, file and, for rejects, line. */
function placeOf(entry: HistoryEntry | RejectEntry): string {
  return [entry.load_id, ...('line' in entry ? [entry.line] : []), entry.file].join(' ')
}
