import { useEffect, useState } from 'react'

const tickMs = 100

/** The milliseconds since a moment, counted on while something runs. */
export function useClock(since: number | undefined): number {
  const [now, setNow] = useState(() => Date.now())
  useEffect(() => {
    if (since === undefined) return
    const timer = setInterval(() => {
      setNow(Date.now())
    }, tickMs)
    return () => {
      clearInterval(timer)
    }
  }, [since])
  return since === undefined ? 0 : Math.max(0, now - since)
}
