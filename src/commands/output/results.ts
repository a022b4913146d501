import type { StatementResult } from '../../api.ts'
import { stringifyJson } from '../../server/json.ts'
import { visible } from '../../server/visible.ts'
import type { OutputFormat } from '../terminal/flags.ts'
import { write } from '../terminal/stdout.ts'
import { printRows } from './print.ts'

/** Writes what the statements of a script give as it comes: tables under headings, one array of JSON, or tables of CSV with an empty line between. */
export async function printResults(
  format: OutputFormat,
  results: AsyncIterable<StatementResult>,
  tell: (sentence: string) => void,
): Promise<void> {
  let isFirst = true
  try {
    for await (const result of results) {
      if (format === 'json') await write(`${isFirst ? '[' : ','}\n${stringifyJson(result)}`)
      else {
        await write(`${isFirst ? '' : '\n'}${format === 'table' ? heading(result) : ''}`)
        await printRows(format, result.columns, result.rows)
      }
      isFirst = false
      for (const sentence of noticesOf(result)) tell(sentence)
    }
  } finally {
    // What ran before a failure is printed, as an array that can be read.
    if (format === 'json') await write(isFirst ? '[]\n' : '\n]\n')
  }
}

function heading({ statement, seconds }: StatementResult): string {
  return `-- line ${statement.line}: ${visible(statement.text)} (${seconds.toFixed(3)} s)\n`
}

function noticesOf({ statement, rows, truncated, notices }: StatementResult): string[] {
  const more = truncated ? [`There are more rows than the ${rows.length} shown; --max-rows shows more.`] : []
  return [...notices, ...more].map((sentence) => `line ${statement.line}: ${sentence}`)
}
