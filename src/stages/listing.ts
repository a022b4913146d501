/** How days stand in keys. */
interface Layout {
  /** Matches a key up to its day, and gives what stands before the year, the year, the month and the day. */
  readonly form: RegExp
  /** What ends the year, the month and the day. */
  readonly separator: '/' | '-'
  /** What stands before their numbers. */
  readonly labels: readonly [year: string, month: string, day: string]
}

/**
 * `…/2026/11/21/`: flow logs and other logs of AWS services, Firehose, and access logs by partitions. `…/year=2026/month=11/day=21/`: the same for
 * Hive. `PREFIX2026-11-21-10-05-09-0123456789ABCDEF`: access logs, behind a prefix that ends anywhere. The last one in a key counts.
 */
const tree: Layout = {
  form: /^((?:[\s\S]*\/)?)(20\d\d)\/(\d\d)\/(\d\d)\//,
  separator: '/',
  labels: ['', '', ''],
}
const hive: Layout = {
  form: /^((?:[\s\S]*\/)?)year=(20\d\d)\/month=(\d\d)\/day=(\d\d)\//,
  separator: '/',
  labels: ['year=', 'month=', 'day='],
}
const flat: Layout = {
  form: /^([\s\S]*)(20\d\d)-(\d\d)-(\d\d)-\d\d-\d\d-\d\d-[\dA-F]{16}$/,
  separator: '-',
  labels: ['', '', ''],
}

/** A day as keys have it: two digits each, but for the year. */
export interface Day {
  readonly year: string
  readonly month: string
  readonly day: string
}

/** A key of a layout. */
interface DatedKey extends Day {
  readonly layout: Layout
  /** What all keys of this layout begin with here, up to the year. */
  readonly root: string
}

/** The UTC day of a time. */
export function dayOf(time: Date): Day {
  const [year = '', month = '', day = ''] = time.toISOString().slice(0, 10).split('-')
  return { year, month, day }
}

function readKey(key: string, layout: Layout): DatedKey | undefined {
  const [, root = '', year = '', month = '', day = ''] = layout.form.exec(key) ?? []
  const isDay = month >= '01' && month <= '12' && day >= '01' && day <= '31'
  return isDay ? { layout, root, year, month, day } : undefined
}

/** The day of a key whose layout is known. */
function datedKey(key: string): DatedKey | undefined {
  const named = readKey(key, flat)
  const foldered = readKey(key, hive) ?? readKey(key, tree)
  // A name says more than folders do, unless it says the same.
  return foldered === undefined || (named !== undefined && compareDays(named, foldered) !== 0) ? named : foldered
}

function compareDays(one: Day, other: Day): number {
  const [a, b] = [one, other].map(({ year, month, day }) => `${year}${month}${day}`)
  return Number(a) - Number(b)
}

/** Whether a key says that its object is of an earlier day. */
export function isBefore(key: string, since: Day): boolean {
  const dated = datedKey(key)
  return dated !== undefined && compareDays(dated, since) < 0
}

/** A folder, or beginning of names, that holds earlier months or days, and may hold what is neither. */
export interface Mixed {
  readonly prefix: string
  readonly separator: string
  /** Whether a folder of it is an earlier month or day. */
  readonly isPast: (folder: string) => boolean
}

/** Where listing may go on behind a key. */
export interface Skip {
  /** The key to start after. */
  readonly to: string
  /** Up to there, what is no month or day in these has to be listed; without any, all up to there is of an earlier year. */
  readonly through: readonly Mixed[]
}

/**
 * What can be left out behind a key of an earlier day. S3 lists keys in the order of their bytes, so the days of one root stand together in their own order. Undefined
 * for keys that are not before the day, or say none.
 */
export function skipBehind(key: string, since: Day): Skip | undefined {
  const dated = datedKey(key)
  if (dated === undefined || compareDays(dated, since) >= 0) return undefined
  const { root, layout } = dated
  const { labels, separator } = layout
  const [yearLabel, monthLabel, dayLabel] = labels
  const ofYear = `${root}${yearLabel}${dated.year}${separator}`
  // The last of all characters: no key of the year is behind it.
  if (dated.year < since.year) return { to: `${ofYear}\u{10FFFF}`, through: [] }
  const ofMonth = `${ofYear}${monthLabel}${since.month}${separator}`
  return {
    to: `${ofMonth}${dayLabel}${since.day}`,
    through: [
      { prefix: ofYear, separator, isPast: earlier(ofYear + monthLabel, separator, since.month) },
      { prefix: ofMonth, separator, isPast: earlier(ofMonth + dayLabel, separator, since.day) },
    ],
  }
}

/** Whether a folder is a number of two digits behind that start, and smaller. */
function earlier(start: string, separator: string, limit: string): (folder: string) => boolean {
  return (folder) => {
    const number = folder.slice(start.length, -separator.length)
    return folder.startsWith(start) && /^\d\d$/.test(number) && number < limit
  }
}
