import type { Incident } from './ground-truth.ts'
import type { FilePlan } from './plan.ts'
import { itemAt, type Random } from './random.ts'
import type { TimeWindow } from './rhythm.ts'

export interface IncidentPlan {
  random: Random
  span: TimeWindow
  /** Rows of the whole sample. */
  rows: number
  /** Rows that incidents may take. */
  budget: number
}

/** An incident and its records, ordered by time, which belong into files of one source. */
export interface PlannedIncident<Entry> {
  incident: Incident
  source: number
  records: Entry[]
}

interface TimeWish {
  /** How long it takes; less when the span is short. */
  seconds: number
  /** Where in the span it starts, 0 to 1. */
  share: number
  /** Hour of the day (UTC) at which it starts, where the span has one. */
  hour?: number
}

/** Finds the time of an incident inside the span. */
export function chooseTime(plan: IncidentPlan, wish: TimeWish): { from: number; seconds: number } {
  const { from, to } = plan.span
  const seconds = Math.max(1, Math.min(wish.seconds, Math.floor((to - from) / 3)))
  const start = Math.min(from + Math.floor((to - from) * wish.share), to - seconds)
  if (wish.hour === undefined) return { from: start, seconds }
  const hourOfDay = wish.hour * 3600
  const night = Math.floor((start - hourOfDay) / 86_400) * 86_400 + hourOfDay
  const found = [night, night + 86_400].find((time) => time - 60 >= from && time + seconds <= to)
  return { from: found ?? start, seconds }
}

/** Epoch seconds as ISO 8601 in UTC. */
export function isoTime(time: number): string {
  return new Date(time * 1000).toISOString()
}

/** How many rows incidents may take: at most a third, so that every file keeps a row of its own. */
export function incidentBudget(rows: number, files: number): number {
  return Math.max(0, Math.min(Math.floor(rows / 3), rows - files))
}

/** A size that grows with the sample, within bounds. */
export function scaled(size: number, least: number, most: number): number {
  return Math.max(least, Math.min(most, Math.floor(size)))
}

/** The records that each file gets, by index of the file: those of its source in its window. */
export function recordsByFile<Entry>(
  planned: readonly PlannedIncident<Entry>[],
  plans: readonly FilePlan[],
  timeOf: (record: Entry) => number,
): Map<number, Entry[]> {
  const byFile = new Map<number, Entry[]>()
  for (const { source, records } of planned) {
    const windows = plans.filter((plan) => plan.source === source && plan.from < plan.to)
    let at = 0
    for (const record of records) {
      const time = timeOf(record)
      while (at < windows.length - 1 && time >= itemAt(windows, at).to) at++
      const plan = itemAt(windows, at)
      const found = byFile.get(plan.index)
      if (found === undefined) byFile.set(plan.index, [record])
      else found.push(record)
    }
  }
  for (const records of byFile.values()) records.sort((one, other) => timeOf(one) - timeOf(other))
  return byFile
}
