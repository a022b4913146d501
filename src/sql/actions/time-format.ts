import type { TimestampForm } from '../../loading/from-text.ts'
import { failed } from '../execution/failure.ts'

/** Elements of Snowflake's date and time formats, the longer ones first, and what `strptime` has for them. */
const elements: readonly (readonly [RegExp, string])[] = [
  [/^YYYY/i, '%Y'],
  [/^YY/i, '%y'],
  [/^MMMM/i, '%B'],
  [/^MON/i, '%b'],
  [/^MM/i, '%m'],
  [/^MI/i, '%M'],
  [/^DD/i, '%d'],
  [/^DY/i, '%a'],
  [/^HH24/i, '%H'],
  [/^HH12/i, '%I'],
  [/^(AM|PM)/i, '%p'],
  [/^SS/i, '%S'],
  [/^FF\d?/i, '%n'],
]

const zone = /TZH(:?TZM)?$/i

/** A format of dates or times as `strptime` has it; undefined for AUTO. Refuses by its name what is not known. */
export function timeFormat(option: string, format: string | undefined): string | undefined {
  if (format === undefined || format === 'AUTO') return undefined
  let rest = format
  let translated = ''
  while (rest !== '') {
    const [quoted, text = ''] = /^"([^"]*)"/.exec(rest) ?? []
    const element = elements.find(([pattern]) => pattern.test(rest))
    const taken = quoted ?? element?.[0].exec(rest)?.[0] ?? rest.slice(0, 1)
    if (quoted === undefined && element === undefined && /[A-SU-Z]/i.test(taken))
      throw failed(
        `${option} = '${format}' has ${/^\w+/.exec(rest)?.[0] ?? taken}, which is not known here; it takes YYYY, YY, MM, MON, MMMM, DD, DY, HH24, HH12, AM, MI, SS, FF, TZH, TZM at its end, and text in double quotes`,
      )
    translated += quoted === undefined ? (element?.[1] ?? taken) : text.replaceAll('%', '%%')
    rest = rest.slice(taken.length)
  }
  return translated
}

/** The same of timestamps, which can end with an offset. */
export function timestampFormat(option: string, format: string | undefined): TimestampForm | undefined {
  const isZoned = format !== undefined && zone.test(format)
  const translated = timeFormat(option, isZoned ? format.replace(zone, '') : format)
  return translated === undefined ? undefined : { format: translated, isZoned }
}
