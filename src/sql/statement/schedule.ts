import { printLiteral } from './literal.ts'
import type { Option } from './options.ts'

/** When a task runs: every so often, or by a cron expression in a time zone. */
export type Schedule =
  | { readonly every: number; readonly unit: 'SECOND' | 'MINUTE' | 'HOUR' }
  | { readonly cron: string; readonly zone: string }

const interval = /^\s*(\d{1,9})\s*(SECOND|MINUTE|HOUR|S|M|H)S?\s*$/i
const cron = /^\s*USING\s+CRON\s+((?:[\dA-Z*,/-]+\s+){4}[\dA-Z*,/-]+)\s+([A-Z][\w+/-]*)\s*$/i

const units = { S: 'SECOND', M: 'MINUTE', H: 'HOUR' } as const

/** SCHEDULE: Snowflake's manual, CREATE TASK. Whether the fields of a cron expression are within their bounds is for the scheduler to say. */
export const schedule: Option<Schedule> = {
  read: (reader, name) => {
    const token = reader.peek()
    const expected = "'10 MINUTES' or 'USING CRON 0 9 * * * UTC'"
    if (token?.kind !== 'string') throw reader.unexpected(expected, name)
    const value = readSchedule(token.text)
    if (value === undefined) throw reader.unexpected(expected, name)
    reader.next(name)
    return value
  },
  print: (value) =>
    printLiteral('cron' in value ? `USING CRON ${value.cron} ${value.zone}` : `${value.every} ${value.unit}`),
}

function readSchedule(text: string): Schedule | undefined {
  const [, amount, word] = interval.exec(text) ?? []
  if (amount !== undefined && word !== undefined) {
    const every = Number(amount)
    const letter = word[0]?.toUpperCase()
    if (every === 0 || (letter !== 'S' && letter !== 'M' && letter !== 'H')) return undefined
    return { every, unit: units[letter] }
  }
  const [, expression, zone] = cron.exec(text) ?? []
  if (expression === undefined || zone === undefined) return undefined
  return { cron: expression.trim().split(/\s+/).join(' '), zone }
}
