import { type Command, Option } from 'commander'
import { text } from 'node:stream/consumers'
import { MillraceError } from '../errors.ts'
import { ofBuiltIn } from '../sql/scope.ts'
import { readViews } from '../sql/views.ts'
import { fillQuery } from '../named-queries/fill.ts'
import { namedQueries, namedQuery } from '../named-queries/registry.ts'
import { type Dialect, dialects } from '../sql/dialects.ts'
import { namedColumns, printRows } from './output/print.ts'
import { globalFlags, namedValue, numberBetween, wholeNumber } from './terminal/flags.ts'
import { interruptible } from './terminal/interruptible.ts'
import { onLake } from './terminal/lake.ts'
import { note } from './terminal/notes.ts'

interface QueryFlags {
  readonly name?: string
  readonly param?: Readonly<Record<string, string>>
  readonly list?: true
  readonly dialect?: Dialect
  readonly maxRows?: number
  readonly timeout?: number
  readonly engine: 'lake' | 'athena'
  readonly database?: string
  readonly workgroup?: string
  readonly results?: string
  readonly estimate?: true
}

/** millrace query: one statement, its rows on standard output. */
export function register(program: Command): void {
  program
    .command('query')
    .description('Run one reading SQL statement, or a named query, and print its rows.')
    .argument('[sql]', 'the statement; - reads it from standard input')
    .option('--name <query>', 'run this named query')
    .option('--param <name=value>', 'value of a parameter of the named query; may be repeated', namedValue)
    .option('--list', 'print the named queries and their parameters')
    .addOption(new Option('--dialect <name>', 'what the statement is written in (default: duckdb)').choices(dialects))
    .addOption(new Option('--engine <name>', 'where it runs').choices(['lake', 'athena']).default('lake'))
    .option('--database <name>', 'database on Athena (default: that of "athena" in settings.json)')
    .option('--workgroup <name>', 'workgroup on Athena (default: that of "athena" in settings.json)')
    .option('--results <url>', 'where Athena writes results (default: that of settings.json, or of the workgroup)')
    .option('--estimate', 'on Athena: say what the statement would read and cost at most, and do not run it')
    .option('--max-rows <count>', 'end after this many rows (default: all)', wholeNumber(1))
    .option('--timeout <seconds>', 'stop the query after this time (default: never)', numberBetween(0.001, 1e6))
    .addHelpText(
      'after',
      '\nExample:\n  millrace query "select srcaddr, sum(bytes) as bytes from vpc_flow_logs group by all order by bytes desc limit 10"\n  millrace query --name top-sources --param from=-7d',
    )
    .action(async (given: string | undefined, queryFlags: QueryFlags, command: Command) => {
      const flags = globalFlags(command)
      if (queryFlags.list === true) return printRows(flags.output, listColumns, listed())
      const sql = await statementOf(given, queryFlags)
      if (queryFlags.engine === 'athena') {
        const { queryAthena } = await import('./query/athena.ts')
        return queryAthena(sql, flags, queryFlags)
      }
      const { maxRows, timeout, dialect } = queryFlags
      if (queryFlags.estimate === true)
        throw new MillraceError('USAGE', '--estimate is for --engine athena. Leave it out.')
      await onLake(flags, false, (lake) =>
        interruptible(async (signal) => {
          // What a script made under the name of a built-in view is not what a named query asks.
          const own = queryFlags.name === undefined ? sql : ofBuiltIn(sql, await readViews(lake))
          const result = await lake.query(own, {
            signal,
            maxRows,
            dialect,
            timeoutMs: timeout === undefined ? undefined : Math.ceil(timeout * 1000),
          })
          await printRows(flags.output, result.columns, result)
          if (flags.quiet !== true) for (const notice of result.notices ?? []) note(notice)
          if (result.truncated && flags.quiet !== true)
            note(`There are more rows than the ${maxRows ?? 0} of --max-rows.`)
        }),
      )
    })
}

async function statementOf(given: string | undefined, { name, param = {}, dialect }: QueryFlags): Promise<string> {
  if (name !== undefined) {
    if (given !== undefined) throw new MillraceError('USAGE', 'Give a statement or --name, not both.')
    if (dialect !== undefined && dialect !== 'duckdb')
      throw new MillraceError('USAGE', 'A named query is written in the dialect duckdb. Leave --dialect out.')
    return fillQuery(namedQuery(name), param, new Date())
  }
  const sql = given === '-' ? await text(process.stdin) : (given ?? '')
  if (sql.trim() !== '') return sql
  throw new MillraceError(
    'USAGE',
    'The statement is empty. Write one, such as "select count(*) from vpc_flow_logs", or name a query of "millrace query --list".',
  )
}

const listColumns = namedColumns(['name', 'title', 'parameters'], [])

function listed(): Record<string, string>[] {
  return namedQueries().map(({ name, title, parameters }) => ({
    name,
    title,
    parameters: parameters
      .map((known) => (known.default === undefined ? known.name : `${known.name}=${known.default}`))
      .join(' '),
  }))
}
