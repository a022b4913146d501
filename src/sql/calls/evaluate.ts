import type { DuckDBConnection } from '@duckdb/node-api'
import { type FileHandle, open } from 'node:fs/promises'
import { join } from 'node:path'
import type { CallReport } from '../../api.ts'
import type { Cages } from '../../cages/cages.ts'
import { literal } from '../../engines/duckdb.ts'
import { MillraceError, messageOf } from '../../errors.ts'
import { argumentCast } from '../relations/argument-cast.ts'
import type { CalledFunction } from './called-function.ts'

/** Where calls are evaluated. */
export interface Bench {
  /** Within a transaction: all is read as of one moment. */
  readonly connection: DuckDBConnection
  /** Another one, whose errors leave the transaction as it is. */
  readonly beside: DuckDBConnection
  readonly cages: Cages
  /** A folder of the spool that is this statement's alone. */
  readonly directory: string
  readonly signal: AbortSignal | undefined
}

/** A call whose arguments are given by a query: `millrace_x1`, `millrace_x2`, … */
export interface Call {
  readonly function: CalledFunction
  readonly inputs: string
  /** Tells it from other calls of the statement. */
  readonly number: number
}

/** What a call gave, as files of the spool. */
export interface Evaluated {
  /** What to select from: arguments as text in `millrace_a1`, …, values in `millrace_c1`, … */
  readonly from: string
  readonly report: CallReport
}

/** The engine's buffers are a multiple of it. */
const leastObjectBytes = 4 * 1024 * 1024
const batchBytes = 8 * 1024 * 1024

/** An argument as the text that crosses the border, from SQL of any type. */
export async function argumentText(called: CalledFunction, index: number, sql: string): Promise<string> {
  const kind = called.definition.arguments[index]?.kind
  const cast =
    kind === 'variant' ? `to_json(${sql})` : await argumentCast(called.argumentTypes[index] ?? '', sql, called.dialect)
  return `cast(${cast} as varchar)`
}

/** Calls a function with every combination of arguments that the query gives, once each, and keeps what it gave. */
export async function evaluate(call: Call, bench: Bench): Promise<Evaluated> {
  const { connection, beside, directory } = bench
  const path = (name: string): string => literal(join(directory, `${call.number}-${name}`))
  const [inputs, outputs] = [path('in.parquet'), path('out.parquet')]
  await keepInputs(call, inputs, connection)
  const longest = await callAll(call, inputs, join(directory, `${call.number}-out.json`), bench)
  await keepOutputs(call, path('out.json'), longest, outputs, beside)
  const from = `read_parquet(${inputs}) as millrace_in join read_parquet(${outputs}) as millrace_out using (millrace_n)`
  return { from, report: await reportOf(call, inputs, outputs, beside) }
}

function names(letter: string, count: number): string[] {
  return Array.from({ length: count }, (_, index) => `millrace_${letter}${index + 1}`)
}

async function keepInputs(
  { function: called, inputs: query }: Call,
  file: string,
  connection: DuckDBConnection,
): Promise<void> {
  const list = names('a', called.argumentTypes.length)
  const texts = await Promise.all(list.map((_, index) => argumentText(called, index, `millrace_x${index + 1}`)))
  const items = texts.map((text, index) => `${text} as ${list[index]}`)
  const grouped = list.length === 0 ? 'having count(*) > 0' : `group by ${list.join(', ')}`
  const columns = ['row_number() over () as millrace_n', 'count(*) as millrace_times', ...list].join(', ')
  await connection.run(`
    copy (select ${columns} from (select ${items.join(', ') || '1'} from (${query}) as millrace_inputs) ${grouped})
    to ${file} (format parquet, compression uncompressed)`)
}

/** Calls batch by batch, and writes what is given to a file; gives the length of its longest line. */
async function callAll({ function: called }: Call, inputs: string, file: string, bench: Bench): Promise<number> {
  const { connection, cages, signal } = bench
  const list = names('a', called.argumentTypes.length)
  const columns = ['cast(millrace_n as double)', ...list].join(', ')
  const result = await connection.stream(`select ${columns} from read_parquet(${inputs})`)
  const handle = await open(file, 'w')
  let pending: Promise<number> | undefined
  try {
    for (;;) {
      signal?.throwIfAborted()
      const chunk = await result.fetchChunk()
      if (chunk === null || chunk.rowCount === 0) break
      for (const body of batchesOf(chunk.getColumns())) {
        const answered = cages.of(called.definition.language).call(called.id, called.definition, body, signal)
        // One batch ahead: it is read while the one before is worked at.
        const before = pending
        pending = written(answered, before, handle)
        pending.catch(() => undefined)
        await before
      }
    }
    return (await pending) ?? 0
  } finally {
    await pending?.catch(() => undefined)
    await handle.close()
  }
}

async function written(
  answer: Promise<Uint8Array>,
  before: Promise<number> | undefined,
  handle: FileHandle,
): Promise<number> {
  answer.catch(() => undefined)
  const longest = (await before) ?? 0
  const body = await answer
  await handle.appendFile(body)
  await handle.appendFile('\n')
  return Math.max(longest, longestLine(body))
}

function longestLine(body: Uint8Array): number {
  let longest = 0
  for (let from = 0; from < body.length;) {
    const end = body.indexOf(0x0a, from)
    const to = end === -1 ? body.length : end
    longest = Math.max(longest, to - from)
    from = to + 1
  }
  return longest
}

/** The rows of a chunk as batches of a bounded size. */
function* batchesOf(columns: readonly (readonly unknown[])[]): Generator<Uint8Array> {
  const count = columns[0]?.length ?? 0
  let from = 0
  let length = 0
  for (let row = 0; row < count; row++) {
    for (const column of columns) length += typeof column[row] === 'string' ? String(column[row]).length : 8
    if (length < batchBytes && row + 1 < count) continue
    yield Buffer.from(JSON.stringify(columns.map((column) => column.slice(from, row + 1))))
    from = row + 1
    length = 0
  }
}

async function keepOutputs(
  call: Call,
  file: string,
  longest: number,
  outputs: string,
  connection: DuckDBConnection,
): Promise<void> {
  const { values } = call.function
  const cells = names('c', values.length)
  const rows = `(select unnest(n) as n, unnest(r) as r from read_json(${file}, format = 'newline_delimited', maximum_object_size = ${Math.max(longest + 1024, leastObjectBytes)}, columns = {n: 'BIGINT[]', r: 'VARCHAR[][]'}))`
  const cast = (index: number): string => (values[index]?.cast ?? '').replace('$1', () => `r[${index + 1}]`)
  const items = cells.map((cell, index) => `${cast(index)} as ${cell}`)
  try {
    await connection.run(
      `copy (select n as millrace_n, ${items.join(', ')} from ${rows}) to ${outputs} (format parquet, compression uncompressed)`,
    )
  } catch (error) {
    for (const [index, value] of values.entries()) {
      const reader = await connection
        .runAndReadAll(
          `select r[${index + 1}] from ${rows} where r[${index + 1}] is not null and try(${cast(index)}) is null limit 1`,
        )
        .catch(() => undefined)
      const [found] = reader?.getRows() ?? []
      if (found !== undefined) throw misfit(call.function, value, String(found[0]))
    }
    throw new MillraceError(
      'FUNCTION_FAILED',
      `The function ${call.function.definition.name} gave what cannot be read: ${messageOf(error)}`,
      error,
    )
  }
}

function misfit(
  { definition }: CalledFunction,
  { name, type }: CalledFunction['values'][number],
  value: string,
): MillraceError {
  const shown = value.length > 100 ? `${value.slice(0, 100)}…` : value
  const place = definition.isTable ? ` in its column ${name.toUpperCase()}` : ''
  return new MillraceError(
    'FUNCTION_FAILED',
    `The function ${definition.name} gave ${JSON.stringify(shown)}${place}, which is no ${type}. Convert it in the body, or declare another type.`,
  )
}

async function reportOf(
  call: Call,
  inputs: string,
  outputs: string,
  connection: DuckDBConnection,
): Promise<CallReport> {
  const reader = await connection.runAndReadAll(`
    select coalesce(sum(millrace_times), 0)::double, coalesce(sum(millrace_times) filter (k is null), 0)::double, coalesce(sum(millrace_times * k), 0)::double
    from read_parquet(${inputs}) left join (select millrace_n, count(*) as k from read_parquet(${outputs}) group by millrace_n) using (millrace_n)`)
  const [rowsIn, rowsWithoutOutput, rowsOut] = (reader.getRows()[0] ?? []).map(Number)
  return {
    function: call.function.definition.name,
    rowsIn: rowsIn ?? 0,
    rowsWithoutOutput: rowsWithoutOutput ?? 0,
    rowsOut: rowsOut ?? 0,
  }
}
