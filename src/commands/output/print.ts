import type { ResultColumn } from '../../api.ts'
import { stringifyJson } from '../../server/json.ts'
import type { OutputFormat } from '../terminal/flags.ts'
import { write } from '../terminal/stdout.ts'
import { csvText } from './csv.ts'
import { objectText, tableText } from './table.ts'

type Rows = AsyncIterable<object> | Iterable<object>

const writtenAtOnce = 64 * 1024

async function* jsonText(rows: Rows): AsyncGenerator<string, void> {
  let separator = '[\n'
  for await (const row of rows) {
    yield separator + stringifyJson(row)
    separator = ',\n'
  }
  yield separator === '[\n' ? '[]\n' : '\n]\n'
}

function textOf(format: OutputFormat, columns: readonly ResultColumn[], rows: Rows): AsyncGenerator<string, void> {
  const isTerminal = process.stdout.isTTY
  if (format === 'json') return jsonText(rows)
  if (format === 'csv') return csvText(columns, rows, isTerminal)
  return tableText(columns, rows, isTerminal ? Math.max(40, process.stdout.columns) : Infinity)
}

/** Writes rows to standard output as they come. */
export async function printRows(format: OutputFormat, columns: readonly ResultColumn[], rows: Rows): Promise<void> {
  let waiting = ''
  for await (const text of textOf(format, columns, rows)) {
    waiting += text
    if (waiting.length < writtenAtOnce) continue
    await write(waiting)
    waiting = ''
  }
  await write(waiting)
}

/** Columns for rows that come from elsewhere than a query; those of numbers are named a second time. */
export function namedColumns(names: readonly string[], numbers: readonly string[]): ResultColumn[] {
  return names.map((name) => ({ name, type: numbers.includes(name) ? 'BIGINT' : 'VARCHAR' }))
}

/** Writes one result to standard output. */
export async function printObject(format: OutputFormat, object: object): Promise<void> {
  if (format === 'table') return write(objectText(object))
  if (format === 'json') return write(`${stringifyJson(object)}\n`)
  return printRows(format, namedColumns(Object.keys(object), []), [object])
}
