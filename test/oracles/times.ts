const months = ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec']

const clf = new RegExp(
  `^([0-9]{2})/(${months.join('|')})/([0-9]{4})` +
    ':([01][0-9]|2[0-3]):([0-5][0-9]):([0-5][0-9])' +
    ' ([+-])(0[0-9]|1[0-8])([0-5][0-9])$',
)

/** Microseconds since 1970 of a time such as `10/Oct/2026:13:55:36 +0200`; null when it is none. */
export function clfMicros(logged: string): bigint | null {
  const [found, dayText, monthName = '', yearText, hour, minute, second, sign, zoneHour, zoneMinute] =
    clf.exec(logged) ?? []
  if (found === undefined) return null
  const [day, month, year] = [Number(dayText), months.indexOf(monthName), Number(yearText)]

  const midnight = new Date(0)
  midnight.setUTCFullYear(year, month, day)
  const isDay = midnight.getUTCMonth() === month && midnight.getUTCDate() === day
  if (!isDay || year < 1) return null

  const local = Number(hour) * 3600 + Number(minute) * 60 + Number(second)
  const zone = Number(zoneHour) * 3600 + Number(zoneMinute) * 60
  const seconds = midnight.getTime() / 1000 + local - (sign === '-' ? -zone : zone)
  return BigInt(seconds) * 1_000_000n
}
