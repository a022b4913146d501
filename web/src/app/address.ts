import { useMemo, useSyncExternalStore } from 'react'
import { lastThirtyDays, type Range } from '../range/range.ts'

export interface Filter {
  readonly column: string
  readonly value: string | null
}

/** What the address says: which dashboard, and which records its tiles show; or which worksheet. */
export interface Address {
  readonly page: 'dashboards' | 'worksheets' | 'pipes' | 'tasks' | 'loads' | 'why' | 'unknown'
  readonly dashboard: string | undefined
  readonly worksheet: string | undefined
  /** Undefined: the range that the dashboard opens with. */
  readonly range: Range | undefined
  readonly filters: readonly Filter[]
}

export const firstDashboard = 'vpc-overview'

const otherPages: Readonly<Record<string, Address['page']>> = {
  '/pipes': 'pipes',
  '/tasks': 'tasks',
  '/loads': 'loads',
  '/why': 'why',
}

/** Reads the address of the page. */
export function readAddress(path: string, search: string): Address {
  const parameters = new URLSearchParams(search)
  const match = /^\/(?:dashboards(?:\/([a-z0-9-]+))?\/?)?$/.exec(path)
  const worksheet = /^\/worksheets(?:\/([a-z0-9-]+))?\/?$/.exec(path)
  const from = parameters.get('from')
  const filters = parameters.getAll('is').map((text): Filter => {
    const at = text.indexOf('=')
    return { column: text.slice(0, at), value: text.slice(at + 1) }
  })
  const empty = parameters.getAll('null').map((column): Filter => ({ column, value: null }))
  return {
    page: pageOf(path, match !== null, worksheet !== null),
    dashboard: match?.[1],
    worksheet: worksheet?.[1],
    range: from === null ? undefined : { from, to: parameters.get('to') ?? lastThirtyDays.to },
    filters: [...filters, ...empty].filter((filter) => filter.column !== ''),
  }
}

function pageOf(path: string, isDashboard: boolean, isWorksheet: boolean): Address['page'] {
  if (isDashboard) return 'dashboards'
  return isWorksheet ? 'worksheets' : (otherPages[path] ?? 'unknown')
}

/** The address of a worksheet, of the one without a name, or of a named query's form. */
export function worksheetAddress(name: string | undefined, query?: string): string {
  const search = query === undefined ? '' : `?${new URLSearchParams({ query }).toString()}`
  return `/worksheets${name === undefined ? '' : `/${name}`}${search}`
}

/** The address of a dashboard with its range and filters. */
export function writeAddress({ dashboard, range, filters }: Omit<Address, 'page' | 'worksheet'>): string {
  const parameters = new URLSearchParams()
  if (range !== undefined) {
    parameters.set('from', range.from)
    parameters.set('to', range.to)
  }
  for (const { column, value } of filters) {
    if (value === null) parameters.append('null', column)
    else parameters.append('is', `${column}=${value}`)
  }
  const search = parameters.toString()
  return `/dashboards${dashboard === undefined ? '' : `/${dashboard}`}${search === '' ? '' : `?${search}`}`
}

const changed = new EventTarget()

/** Goes to an address of the page. */
export function goTo(address: string, replace = false): void {
  if (address === location.pathname + location.search) return
  if (replace) history.replaceState(null, '', address)
  else history.pushState(null, '', address)
  changed.dispatchEvent(new Event('change'))
}

function subscribe(listener: () => void): () => void {
  changed.addEventListener('change', listener)
  globalThis.addEventListener('popstate', listener)
  return () => {
    changed.removeEventListener('change', listener)
    globalThis.removeEventListener('popstate', listener)
  }
}

/** The address as text; it changes when the reader goes elsewhere. */
export function useAddress(): Address {
  const text = useSyncExternalStore(subscribe, () => `${location.pathname}\n${location.search}`)
  return useMemo(() => {
    const [path = '/', search = ''] = text.split('\n')
    return readAddress(path, search)
  }, [text])
}

/** The parameters in the address, of pages that read them themselves. */
export function useParameters(): URLSearchParams {
  const search = useSyncExternalStore(subscribe, () => location.search)
  return useMemo(() => new URLSearchParams(search), [search])
}
