import { windowWeight, type TimeWindow } from './rhythm.ts'

/** What one file will hold: the background rows of one source in one window. */
export interface FilePlan extends TimeWindow {
  index: number
  /** Index of the flow log or bucket that the file belongs to. */
  source: number
  rows: number
}

interface PlanOptions {
  span: TimeWindow
  files: number
  rows: number
  /** Relative traffic of each source; there are at most as many sources as files. */
  sourceWeights: readonly number[]
  /** Windows stay inside the days or hours of the layout when there are files enough. */
  partitionSeconds: number
}

const slotSeconds = 300

/** Spreads files over sources and time, and rows over files, by the rhythm of the traffic. */
export function planFiles(options: PlanOptions): FilePlan[] {
  const { span, files, rows, sourceWeights, partitionSeconds } = options
  const sources = sourceWeights.length
  const windows = sourceWeights.map((_, source) =>
    splitSpan(span, Math.ceil((files - source) / sources), partitionSeconds),
  )
  const places: (TimeWindow & { index: number; source: number })[] = []
  for (let index = 0; index < files; index++) {
    const source = index % sources
    const window = windows[source]?.[Math.floor(index / sources)] ?? span
    places.push({ index, source, from: window.from, to: window.to })
  }
  const weights = places.map((place) => windowWeight(place) * (sourceWeights[place.source] ?? 1))
  const shares = apportion(rows, weights)
  return places.map((place) => ({ ...place, rows: shares[place.index] ?? 0 }))
}

/** Cuts a span into consecutive windows, at multiples of five minutes where they are that long. */
export function splitSpan(span: TimeWindow, count: number, partitionSeconds: number): TimeWindow[] {
  const partitions = cutAtMultiples(span, partitionSeconds)
  if (count < partitions.length) return splitEvenly(span, count)
  const counts = apportion(
    count,
    partitions.map((partition) => partition.to - partition.from),
  )
  return partitions.flatMap((partition, index) => splitEvenly(partition, counts[index] ?? 1))
}

/** Shares out a whole number by weight, at least 1 each where the total allows. */
export function apportion(total: number, weights: readonly number[]): number[] {
  const least = total >= weights.length ? 1 : 0
  const spare = total - least * weights.length
  const allWeight = sum(weights)
  const exact = weights.map((weight) => (spare * weight) / allWeight)
  const shares = exact.map((share) => Math.floor(share))
  let left = spare - sum(shares)
  const order = exact.map((share, index) => ({ index, rest: share - Math.floor(share) }))
  for (const { index } of order.toSorted((one, other) => other.rest - one.rest || one.index - other.index)) {
    if (left <= 0) break
    shares[index] = (shares[index] ?? 0) + 1
    left--
  }
  return shares.map((share) => share + least)
}

function sum(numbers: readonly number[]): number {
  return numbers.reduce((total, number) => total + number, 0)
}

function splitEvenly({ from, to }: TimeWindow, count: number): TimeWindow[] {
  const unit = (to - from) / count >= slotSeconds ? slotSeconds : 1
  const boundary = (index: number): number => {
    if (index === 0) return from
    if (index === count) return to
    return Math.max(from, Math.floor((from + ((to - from) * index) / count) / unit) * unit)
  }
  return Array.from({ length: count }, (_, index) => ({ from: boundary(index), to: boundary(index + 1) }))
}

function cutAtMultiples({ from, to }: TimeWindow, seconds: number): TimeWindow[] {
  const parts: TimeWindow[] = []
  for (let start = from; start < to;) {
    const stop = Math.min(to, (Math.floor(start / seconds) + 1) * seconds)
    parts.push({ from: start, to: stop })
    start = stop
  }
  return parts
}
