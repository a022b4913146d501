import type { DuckDBConnection } from '@duckdb/node-api'
import { mkdtemp, rm } from 'node:fs/promises'
import { join } from 'node:path'
import type { CallReport } from '../../api.ts'
import type { CatalogObject } from '../../catalog/objects.ts'
import type { Cages } from '../../cages/cages.ts'
import { MillraceError } from '../../errors.ts'
import { engineName, engineSchema } from '../execution/names.ts'
import type { EngineNode } from '../relations/engine-tree.ts'
import type { CreateFunction } from '../statements/function.ts'
import { type CalledFunction, calledFunction } from './called-function.ts'
import { type Find, lift } from './lift.ts'

/** A query whose calls of functions of JavaScript and Python have been made. */
export interface Prepared {
  /** The query to run instead, in the same transaction. */
  readonly sql: string
  /** What the calls came to, a function each. */
  readonly reports: readonly CallReport[]
  /** To be called when the query has run: deletes what the calls gave. */
  readonly release: () => Promise<void>
}

/** What calls are prepared with. */
export interface CallsOptions {
  readonly cages: Cages
  readonly spool: string
  readonly connect: () => Promise<DuckDBConnection>
  readonly objects: () => Promise<readonly CatalogObject[]>
}

/** The functions of JavaScript and Python of a lake, as its statements call them. */
export class Calls {
  private readonly options: CallsOptions
  private aggregates: ReadonlySet<string> | undefined

  constructor(options: CallsOptions) {
    this.options = options
  }

  /** The names of such functions, in lower case, that a text has in it: it may call them. */
  async namesIn(sql: string): Promise<ReadonlySet<string>> {
    const text = sql.toLowerCase()
    const names = cagedAmong(await this.options.objects()).map(({ object }) => object.name.toLowerCase())
    return new Set(names.filter((name) => text.includes(name)))
  }

  /**
   * Makes the calls of one query, in the engine's dialect, on a connection that has a transaction under way: the one that the query is then run in.
   * `mentioned` are the functions that it may call, by `namesIn`; `schema` is where names are looked up first. Undefined where the query calls nothing.
   * Fails with FUNCTION_FAILED or SQL_REFUSED.
   */
  async prepare(
    connection: DuckDBConnection,
    sql: string,
    mentioned: ReadonlySet<string>,
    schema = 'public',
    signal?: AbortSignal,
  ): Promise<Prepared | undefined> {
    if (mentioned.size === 0) return undefined
    const functions = await this.functions()
    const find: Find = (node) => functions.get(keyOf(node, schema))
    if (/^\s*(explain|describe|summarize|show)\b/i.test(sql)) throw whyNot(mentioned)
    const directory = await mkdtemp(join(this.options.spool, 'calls-'))
    const release = (): Promise<void> => rm(directory, { recursive: true, force: true })
    const beside = await this.options.connect()
    try {
      const bench = { connection, beside, cages: this.options.cages, directory, signal }
      const { sql: lifted, reports } = await lift(sql, find, bench, await this.aggregatesOf(connection))
      // A text that has a name in it need not call it.
      if (reports.length === 0) {
        await release()
        return undefined
      }
      return { sql: lifted, reports, release }
    } catch (error) {
      await release()
      throw error
    } finally {
      beside.closeSync()
    }
  }

  private async functions(): Promise<ReadonlyMap<string, CalledFunction>> {
    const functions = new Map<string, CalledFunction>()
    for (const { object, definition } of cagedAmong(await this.options.objects())) {
      const name = engineName(object.name)
      const place = engineSchema(object.database, object.schema)
      functions.set(`${place}.${name}`.toLowerCase(), calledFunction(object, definition, name))
    }
    return functions
  }

  private async aggregatesOf(connection: DuckDBConnection): Promise<ReadonlySet<string>> {
    if (this.aggregates !== undefined) return this.aggregates
    const reader = await connection.runAndReadAll(
      "select distinct function_name from duckdb_functions() where function_type = 'aggregate'",
    )
    this.aggregates = new Set(reader.getRows().map(([name]) => String(name)))
    return this.aggregates
  }
}

/** The functions of JavaScript and Python among objects. */
function cagedAmong(objects: readonly CatalogObject[]): { object: CatalogObject; definition: CreateFunction }[] {
  return objects.flatMap((object) => {
    const { definition } = object
    const isCaged = definition.kind === 'create-function' && (definition.options.language ?? 'SQL') !== 'SQL'
    return isCaged ? [{ object, definition }] : []
  })
}

function keyOf(node: EngineNode, schema: string): string {
  const written = String(node['schema'])
  return `${written === '' ? schema : written}.${String(node['function_name'])}`.toLowerCase()
}

function whyNot(names: ReadonlySet<string>): MillraceError {
  return new MillraceError(
    'SQL_REFUSED',
    `A statement that calls ${[...names].join(', ')} is run, and not explained or described. Leave the first word out.`,
  )
}
