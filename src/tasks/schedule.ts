import { Cron } from 'croner'
import { messageOf } from '../errors.ts'
import type { Schedule } from '../sql/statement/schedule.ts'

const unitMs = { SECOND: 1000, MINUTE: 60_000, HOUR: 3_600_000 } as const

/** Snowflake's manual, CREATE TASK. */
const longestMs = 11_520 * unitMs.MINUTE

/** Why a schedule cannot be; undefined where it can. */
export function whyNotScheduled(schedule: Schedule): string | undefined {
  if (!('cron' in schedule)) {
    const isWithin = schedule.every * unitMs[schedule.unit] <= longestMs
    return isWithin ? undefined : 'an interval is 8 days at most, which are 11520 minutes; write USING CRON for more'
  }
  try {
    if (cronOf(schedule).nextRun(new Date(0)) !== null) return undefined
    return `the cron expression ${schedule.cron} names no time that ever comes`
  } catch (error) {
    if (!isZone(schedule.zone))
      return `the time zone ${schedule.zone} is not known; give one such as UTC or Europe/Paris`
    return `the cron expression ${schedule.cron} cannot be read (${messageOf(error).replace(/^CronPattern: /, '')})`
  }
}

/**
 * When a task is due next, strictly behind `afterMs`; all in epoch milliseconds. Intervals count from `baseMs`, when the task was resumed. A cron
 * expression means the clock of its zone, as in Snowflake's manual, CREATE TASK: what that clock shows twice is due twice, what it passes over is
 * not due at all. Undefined where no such time ever comes.
 */
export function nextDue(schedule: Schedule, baseMs: number, afterMs: number): number | undefined {
  if ('cron' in schedule) return cronOf(schedule).nextRun(new Date(afterMs))?.getTime()
  const everyMs = schedule.every * unitMs[schedule.unit]
  return baseMs + everyMs * Math.max(1, Math.floor((afterMs - baseMs) / everyMs) + 1)
}

const crons = new Map<string, Cron>()
const mostCrons = 1000

function cronOf({ cron, zone }: Extract<Schedule, { readonly cron: string }>): Cron {
  const key = `${cron} ${zone}`
  const known = crons.get(key)
  if (known !== undefined) return known
  // Croner moves a time that is written plainly out of the hour that is missing, and takes it once where it comes twice; a step anywhere, as in 0/60, keeps it from that.
  const made = new Cron(`0/60 ${cron}`, {
    timezone: zone,
    paused: true,
    mode: '6-part',
    sloppyRanges: true,
  })
  if (crons.size >= mostCrons) crons.clear()
  crons.set(key, made)
  return made
}

function isZone(zone: string): boolean {
  try {
    return new Intl.DateTimeFormat('en', { timeZone: zone }).resolvedOptions().timeZone !== ''
  } catch {
    return false
  }
}
