import { useQuery, useQueryClient } from '@tanstack/react-query'
import { useEffect, useRef, useState } from 'react'
import type { StoredWorksheet, Worksheet } from '../../../src/worksheet/shape.ts'
import { goTo, worksheetAddress } from '../app/address.ts'
import { fileNameOf, freeName } from '../app/file-names.ts'
import { removeWorksheet, worksheetQuery, worksheetsQuery, writeWorksheet } from './api.ts'
import { type Draft, readDraft, writeDraft } from './draft.ts'

const empty: Draft = { sql: '', dialect: 'duckdb' }

interface Opened {
  readonly name: string | undefined
  /** Another number for another text: the editor begins anew. */
  readonly key: number
  readonly draft: Draft
}

/** The worksheet in the address, and what is done with it. */
export interface OpenWorksheet {
  /** Undefined until it was read. */
  readonly opened: Opened | undefined
  readonly saved: Worksheet | undefined
  /** Where what was saved comes from. */
  readonly origin: StoredWorksheet['origin'] | undefined
  readonly error: Error | null
  readonly isChanged: boolean
  /** False where the browser has no room for the unsaved text. */
  readonly isKept: boolean
  readonly change: (change: Partial<Draft>) => void
  readonly save: () => Promise<void>
  readonly saveAs: (title: string) => Promise<void>
  readonly rename: (title: string) => Promise<void>
  readonly remove: () => Promise<void>
}

function isOnAthena({ engine }: Draft): boolean {
  return engine === 'athena'
}

function isSame(one: Draft, other: Draft): boolean {
  return one.sql === other.sql && one.dialect === other.dialect && isOnAthena(one) === isOnAthena(other)
}

/** Opens the worksheet of a name, or the one without. Its unsaved text is kept by the browser. */
export function useWorksheet(name: string | undefined): OpenWorksheet {
  const client = useQueryClient()
  const { data: stored, error } = useQuery({ ...worksheetQuery(name ?? ''), enabled: name !== undefined })
  const [opened, setOpened] = useState<Opened>()
  const [isKept, setKept] = useState(true)
  const savedAs = useRef<string>(undefined)
  const saved = name === undefined ? undefined : stored?.worksheet
  const base: Draft = saved ?? empty

  if ((name === undefined || saved !== undefined) && (opened === undefined || opened.name !== name)) {
    // What was saved under a name goes on in the same editor.
    const goesOn = opened !== undefined && name !== undefined && savedAs.current === name
    const draft = goesOn
      ? opened.draft
      : (readDraft(name) ?? { sql: base.sql, dialect: base.dialect, engine: base.engine })
    setOpened({ name, key: goesOn ? opened.key : (opened?.key ?? 0) + 1, draft })
  }
  const isOpen = opened !== undefined && opened.name === name
  const newest = useRef(opened)
  useEffect(() => {
    newest.current = opened
  })

  const change = (part: Partial<Draft>): void => {
    const before = newest.current
    if (before === undefined || before.name !== name) return
    const draft = { ...before.draft, ...part }
    // Two changes may come before the next drawing.
    newest.current = { ...before, draft }
    setOpened(newest.current)
    setKept(writeDraft(name, isSame(draft, base) ? undefined : draft))
  }

  const put = async (file: string, worksheet: Worksheet): Promise<StoredWorksheet> => {
    const written = await writeWorksheet(file, worksheet)
    client.setQueryData(worksheetQuery(file).queryKey, written)
    await client.invalidateQueries({ queryKey: worksheetsQuery.queryKey })
    return written
  }

  return {
    opened: isOpen ? opened : undefined,
    saved,
    origin: name === undefined ? undefined : stored?.origin,
    error: name === undefined ? null : error,
    isChanged: isOpen && !isSame(opened.draft, base),
    isKept,
    change,
    save: async () => {
      if (name === undefined || saved === undefined || !isOpen) return
      await put(name, { ...opened.draft, title: saved.title })
      writeDraft(name, undefined)
    },
    saveAs: async (title) => {
      if (!isOpen) return
      const entries = await client.fetchQuery({ ...worksheetsQuery, staleTime: 0 })
      const names = entries.map((entry) => entry.name)
      const file = freeName(fileNameOf(title, 'worksheet'), names)
      await put(file, { ...opened.draft, title })
      // The text has gone with its new name: the one it came from is as it was saved.
      writeDraft(name, undefined)
      savedAs.current = file
      goTo(worksheetAddress(file))
    },
    rename: async (title) => {
      if (name !== undefined && saved !== undefined) await put(name, { ...saved, title })
    },
    remove: async () => {
      if (name === undefined) return
      await removeWorksheet(name)
      writeDraft(name, undefined)
      goTo(worksheetAddress(undefined))
      await client.invalidateQueries({ queryKey: worksheetsQuery.queryKey })
    },
  }
}
