import type { Lake, RunOptions, StatementResult, Value } from '../../src/index.ts'
import { MillraceError } from '../../src/index.ts'

type Row = Readonly<Record<string, Value>>

/** The results of a script in Snowflake's dialect. */
export async function ran(lake: Lake, script: string, options: RunOptions = {}): Promise<StatementResult[]> {
  const results: StatementResult[] = []
  for await (const result of lake.run(script, { dialect: 'snowflake', ...options })) results.push(result)
  return results
}

/** The rows of the last statement. */
export async function lastRows(lake: Lake, script: string, options: RunOptions = {}): Promise<readonly Row[]> {
  return (await ran(lake, script, options)).at(-1)?.rows ?? []
}

/** A cell as text. */
export function cellOf(row: Row, column: string): string {
  const value = row[column]
  return typeof value === 'string' ? value : JSON.stringify(value)
}

/** What the last statement says of itself. */
export async function statusOf(lake: Lake, script: string): Promise<Value | undefined> {
  return (await lastRows(lake, script))[0]?.['status']
}

/** The names that the last statement shows. */
export async function namesOf(lake: Lake, script: string): Promise<(Value | undefined)[]> {
  return (await lastRows(lake, script)).map((row) => row['name'])
}

/** Properties by their names, as DESC gives them. */
export async function propertiesOf(lake: Lake, script: string): Promise<Record<string, Value>> {
  const rows = await lastRows(lake, script)
  return Object.fromEntries(rows.map((row) => [cellOf(row, 'property'), row['property_value'] ?? null]))
}

/** The error that a script ends with. */
export async function failureOf(lake: Lake, script: string, options: RunOptions = {}): Promise<MillraceError> {
  try {
    await ran(lake, script, options)
  } catch (error) {
    if (error instanceof MillraceError) return error
    throw error
  }
  throw new Error('the script has run')
}
