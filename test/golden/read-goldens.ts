import { readdirSync, readFileSync } from 'node:fs'
import { z } from 'zod'
import type { Column, LogType } from '../../src/log-type/log-type.ts'
import { logTypes } from '../../src/log-type/registry.ts'

const folder = new URL('./', import.meta.url)

const expectedRow = z.strictObject({
  line: z.int(),
  /** Columns that are not NULL: `bigint` as decimal text, times as `2026-11-20 12:00:00`. */
  values: z.record(z.string(), z.union([z.string(), z.int()])),
  extra: z.record(z.string(), z.string()).nullable(),
})

const expectedReading = z.strictObject({
  /** The declared format that the file is read with. */
  format: z.array(z.string()).optional(),
  lines: z.int(),
  skipped: z.int(),
  rows: z.array(expectedRow),
  rejects: z.array(
    z.strictObject({ line: z.int(), code: z.string(), column: z.string().nullable(), raw: z.string() }),
  ),
})

/** A log file and what reading it must give, both written by hand: `<case>.log` and `<case>.json`. */
export interface Golden {
  readonly type: LogType
  readonly name: string
  readonly bytes: Uint8Array
  readonly expected: z.infer<typeof expectedReading>
}

/** Every golden of every log type. */
export function readGoldens(): readonly Golden[] {
  return logTypes.flatMap((type) => {
    const typeFolder = new URL(`${type.name}/`, folder)
    const logs = readdirSync(typeFolder).filter((file) => file.endsWith('.log'))
    return logs.toSorted().map((file) => {
      const json: unknown = JSON.parse(readFileSync(new URL(file.replace(/\.log$/, '.json'), typeFolder), 'utf8'))
      return {
        type,
        name: `${type.name}/${file}`,
        bytes: readFileSync(new URL(file, typeFolder)),
        expected: expectedReading.parse(json),
      }
    })
  })
}

/** A value as goldens write it; `value` of a time is in microseconds since 1970. */
export function goldenValue({ kind }: Column, value: string | number | bigint): string | number {
  if (typeof value !== 'bigint') return value
  const isTime = kind === 'epoch' || kind === 'clf-time'
  return isTime ? timeText(value) : value.toString()
}

function timeText(micros: bigint): string {
  return new Date(Number(micros / 1000n)).toISOString().replace('T', ' ').replace('.000Z', '')
}
