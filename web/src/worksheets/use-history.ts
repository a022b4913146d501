import { useCallback, useMemo, useSyncExternalStore } from 'react'
import { type HistoryEntry, readHistory, remember, writeHistory } from './history.ts'

const key = 'millrace-history'
const changed = new EventTarget()

function subscribe(listener: () => void): () => void {
  changed.addEventListener('change', listener)
  // Another tab ran something.
  globalThis.addEventListener('storage', listener)
  return () => {
    changed.removeEventListener('change', listener)
    globalThis.removeEventListener('storage', listener)
  }
}

function write(entries: readonly HistoryEntry[]): void {
  try {
    localStorage.setItem(key, writeHistory(entries))
  } catch {
    // The browser has no room: what it holds stays.
  }
  changed.dispatchEvent(new Event('change'))
}

/** What was run in this browser, newest first. */
export function useHistory(): {
  readonly entries: readonly HistoryEntry[]
  readonly add: (entry: HistoryEntry) => void
  readonly clear: () => void
} {
  const text = useSyncExternalStore(subscribe, () => localStorage.getItem(key))
  const entries = useMemo(() => readHistory(text), [text])
  const add = useCallback((entry: HistoryEntry) => {
    // From what the browser holds now, not from what was drawn: other tabs write too.
    write(remember(readHistory(localStorage.getItem(key)), entry))
  }, [])
  const clear = useCallback(() => {
    write([])
  }, [])
  return { entries, add, clear }
}
