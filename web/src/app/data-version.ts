import { useQuery } from '@tanstack/react-query'
import { useEffect, useState } from 'react'
import { versionQuery } from '../api/lake.ts'

/** While logs keep coming, tiles run again this often, so that looking does not slow loading. */
const paceMs = 10_000

/** The state of the lake's data that tiles show, and whether the server answers. */
export function useDataVersion(): { readonly version: string | undefined; readonly isReachable: boolean } {
  const { data, isError, failureCount } = useQuery(versionQuery)
  const newest = data?.version ?? undefined
  const [shown, setShown] = useState<{ version: string | undefined; at: number }>({ version: undefined, at: 0 })
  useEffect(() => {
    if (newest === undefined || newest === shown.version) return
    const waitMs = Math.max(0, shown.at + paceMs - Date.now())
    const timer = setTimeout(() => {
      setShown({ version: newest, at: Date.now() })
    }, waitMs)
    return () => {
      clearTimeout(timer)
    }
  }, [newest, shown])
  return { version: shown.version, isReachable: !isError && failureCount === 0 }
}

/** The time, again every minute. */
export function useMinute(): number {
  const [now, setNow] = useState(() => Date.now())
  useEffect(() => {
    const timer = setInterval(() => {
      setNow(Date.now())
    }, 60_000)
    return () => {
      clearInterval(timer)
    }
  }, [])
  return now
}
