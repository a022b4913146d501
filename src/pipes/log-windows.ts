/** How far a log group has been read: epoch milliseconds. */
export interface ReadRange {
  /** Events before are not wanted. */
  readonly startMs: number
  /** Every event from here … */
  readonly fromMs: number
  /** … up to, but not including, this moment is in the table. */
  readonly toMs: number
  /** What came late is too, up to here: these were asked for when they were hours old. */
  readonly settledMs: number
}

/** A range of time that is asked for, up to but not including its end. */
export interface Window {
  readonly fromMs: number
  readonly toMs: number
}

const leastMs = 60_000
const mostMs = 366 * 86_400_000
const firstMs = 3_600_000
/** So much time has to be old enough before it is asked for a second time. */
const leastAgainMs = 3_600_000
/** A window of so few pages could have been larger. */
const fewPages = 4
/** A window of more pages is left, and asked for in parts: what breaks off is read again from its beginning. */
const mostPages = 100

/** How late events may come. */
export interface Lateness {
  /** So far back is asked again each time. */
  readonly overlapMs: number
  /** So old is everything when it is asked for a second time. */
  readonly secondLookMs: number
}

/** Where reading begins: with what is new, and then back to the start. */
export function firstRange(startMs: number, nowMs: number, late: Lateness): ReadRange {
  const atMs = Math.max(startMs, nowMs - late.overlapMs)
  return { startMs, fromMs: atMs, toMs: atMs, settledMs: Math.max(startMs, nowMs - late.secondLookMs) }
}

/** A range with an earlier start, if the one that is given is. */
export function startingAt(range: ReadRange, startMs: number, nowMs: number, late: Lateness): ReadRange {
  if (startMs >= range.startMs) return range
  const { settledMs } = firstRange(startMs, nowMs, late)
  return { ...range, startMs, settledMs: Math.min(range.settledMs, settledMs) }
}

/** What is asked for from a moment on; undefined where that has not come yet. */
export function windowFrom(atMs: number, nowMs: number, sizeMs: number): Window | undefined {
  return atMs > nowMs ? undefined : { fromMs: atMs, toMs: Math.min(atMs + sizeMs, nowMs + 1) }
}

/** What is asked for a second time; undefined where little is old enough, or not all of it has been read before. */
export function windowAgain(range: ReadRange, nowMs: number, late: Lateness, sizeMs: number): Window | undefined {
  const { fromMs, settledMs } = range
  const untilMs = Math.min(range.toMs, nowMs - late.secondLookMs)
  if (fromMs > settledMs || untilMs - settledMs < leastAgainMs) return undefined
  return { fromMs: settledMs, toMs: Math.min(settledMs + sizeMs, untilMs) }
}

/** What is asked for of earlier events; undefined where all are there. */
export function windowBefore({ startMs, fromMs }: ReadRange, sizeMs: number): Window | undefined {
  return fromMs <= startMs ? undefined : { fromMs: Math.max(startMs, fromMs - sizeMs), toMs: fromMs }
}

/** The range once a window at its end has been read that was asked for at a time. Events that come as late as `overlapMs` are asked for again. */
export function behind(range: ReadRange, window: Window, askedMs: number, overlapMs: number): ReadRange {
  const doneMs = Math.min(window.toMs, askedMs - overlapMs)
  return { ...range, toMs: window.fromMs <= range.toMs ? Math.max(range.toMs, doneMs) : range.toMs }
}

/** How much time is asked for at once: more where there is little in it. */
export class WindowSize {
  ms = firstMs

  /** Whether a window of so many pages, and more to come, is left. */
  isTooMuch(pages: number): boolean {
    return pages >= mostPages && this.ms > leastMs
  }

  /** Notes how many pages a window had; undefined where it was left. */
  note(pages: number | undefined): void {
    if (pages === undefined) this.ms = Math.max(leastMs, this.ms / 8)
    else if (pages <= fewPages) this.ms = Math.min(mostMs, this.ms * 2)
  }
}
