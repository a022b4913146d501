import type { Seen } from './api.ts'

export type Place = 'source' | 'between' | 'destination'

/** What an interface did with the traffic of one direction. */
export interface Stop {
  readonly place: Place
  /** NULL where the records name none; undefined where there is no record. */
  readonly interfaceId: string | null | undefined
  readonly accepted: number
  readonly rejected: number
  /** What it did last; undefined where there is no record. */
  readonly action: Seen['action'] | undefined
}

export interface Way {
  readonly way: Seen['way']
  /** From the source's side to the destination's, whichever way the traffic goes. */
  readonly stops: readonly Stop[]
}

const places: readonly Place[] = ['source', 'between', 'destination']
const ways: readonly Seen['way'][] = ['request', 'answer']

/** The way there and the way back, with what was recorded at each interface. A side without records is a stop without an action. */
export function pictureOf(seen: readonly Seen[]): readonly Way[] {
  return ways.map((way) => {
    const there = seen.filter((one) => one.way === way)
    return { way, stops: places.flatMap((place) => stopsAt(place, there)) }
  })
}

function stopsAt(place: Place, seen: readonly Seen[]): readonly Stop[] {
  const here = seen.filter((one) => (one.side ?? 'between') === place)
  if (here.length === 0) {
    // Where no side is known, none is missing.
    const isMissing = place !== 'between' && !seen.some(({ side }) => side === null)
    return isMissing ? [{ place, interfaceId: undefined, accepted: 0, rejected: 0, action: undefined }] : []
  }
  return [...new Set(here.map((one) => one.interface_id))].map((interfaceId) => {
    const its = here.filter((one) => one.interface_id === interfaceId)
    const sum = (action: Seen['action']): number =>
      its.reduce((total, one) => (one.action === action ? total + Number(one.records) : total), 0)
    const latest = its.toSorted((one, other) => (one.last < other.last ? 1 : -1))[0]
    return { place, interfaceId, accepted: sum('ACCEPT'), rejected: sum('REJECT'), action: latest?.action }
  })
}

/** How good or bad a verdict is for somebody who wants traffic to arrive. */
export function toneOf(verdict: string): 'good' | 'warn' | 'bad' {
  if (verdict === 'arrives') return 'good'
  return ['no-records', 'addresses-unknown', 'nothing-sent', 'only-answers', 'left-source'].includes(verdict)
    ? 'warn'
    : 'bad'
}
