import type { TextKey } from '../text/en.ts'
import type { HistoryEntry, LoadStatus, ReplaySummary } from './api.ts'

export const statuses = ['loaded', 'partial', 'failed', 'changed', 'empty', 'replaced'] as const satisfies LoadStatus[]

export const statusTexts = {
  loaded: 'statusLoaded',
  partial: 'statusPartial',
  failed: 'statusFailed',
  changed: 'statusChanged',
  empty: 'statusEmpty',
  replaced: 'statusReplaced',
} as const satisfies Record<LoadStatus, TextKey>

export const statusTones = {
  loaded: 'good',
  partial: 'warn',
  failed: 'bad',
  changed: 'warn',
  empty: 'calm',
  replaced: 'calm',
} as const satisfies Record<LoadStatus, string>

/** What the address says of the page. */
export interface LoadsState {
  readonly view: 'history' | 'rejects'
  readonly status: LoadStatus | undefined
  readonly find: string
  /** Counted from 0. */
  readonly page: number
  /** The file that is open. */
  readonly file: string | undefined
}

export function readLoads(parameters: URLSearchParams): LoadsState {
  const page = Number(parameters.get('page') ?? '1')
  return {
    view: parameters.get('view') === 'rejects' ? 'rejects' : 'history',
    status: statuses.find((status) => status === parameters.get('status')),
    find: parameters.get('find') ?? '',
    page: Number.isSafeInteger(page) && page >= 1 ? page - 1 : 0,
    file: parameters.get('file') ?? undefined,
  }
}

export function writeLoads({ view, status, find, page, file }: LoadsState): string {
  const parameters = new URLSearchParams()
  if (view !== 'history') parameters.set('view', view)
  if (status !== undefined) parameters.set('status', status)
  if (find !== '') parameters.set('find', find)
  if (page > 0) parameters.set('page', String(page + 1))
  if (file !== undefined) parameters.set('file', file)
  const search = parameters.toString()
  return `/loads${search === '' ? '' : `?${search}`}`
}

/** Files of which every word stands in the name, the table or the error. */
export function findEntries(entries: readonly HistoryEntry[], find: string): readonly HistoryEntry[] {
  const words = find
    .toLowerCase()
    .split(/\s+/)
    .filter((word) => word !== '')
  if (words.length === 0) return entries
  return entries.filter(({ file, table_name, error }) => {
    const text = `${file}\n${table_name ?? ''}\n${error ?? ''}`.toLowerCase()
    return words.every((word) => text.includes(word))
  })
}

/** A file by its folder and its name in it. */
export function splitFile(uri: string): { readonly folder: string; readonly name: string } {
  const end = uri.lastIndexOf('/') + 1
  return end === uri.length ? { folder: '', name: uri } : { folder: uri.slice(0, end), name: uri.slice(end) }
}

/** What came of a replay. */
export function replayText({ replayed, rows }: ReplaySummary): TextKey {
  if (replayed === 0) return 'replayNone'
  if (rows === replayed) return 'replayAll'
  return rows === 0 ? 'replayNothing' : 'replaySome'
}
