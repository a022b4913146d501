import { z } from 'zod'
import { type TestServer, startServer } from '../aws/servers.ts'

/** What a query comes to. */
export interface Outcome {
  readonly columns: readonly { readonly Name: string; readonly Type: string }[]
  readonly rows: readonly (readonly (string | null)[])[]
  readonly scanned: number
  readonly statementType: 'DML' | 'DDL' | 'UTILITY'
  /** How often it is asked before it is done; never, if it waits to be stopped. */
  readonly asked: number
  readonly error?: string
}

interface Query {
  readonly outcome: Outcome
  asked: number
  state: 'RUNNING' | 'SUCCEEDED' | 'FAILED' | 'CANCELLED'
}

const body = z.looseObject({
  QueryExecutionId: z.string().default(''),
  QueryString: z.string().default(''),
  NextToken: z.string().default('0'),
  Name: z.string().default(''),
})

/** Athena as far as queries need it, on this machine: every request is kept, rows come a thousand a page with the names in the first. */
export class AthenaServer {
  readonly requests: {
    readonly call: string
    readonly input: Readonly<Record<string, unknown>>
    readonly region: string
  }[] = []
  /** A call that is answered with a refusal. */
  refuses = ''
  private readonly queries = new Map<string, Query>()
  private readonly outcomeOf: (sql: string) => Outcome

  private readonly tables: Readonly<Record<string, object>>

  private constructor(outcomeOf: (sql: string) => Outcome, tables: Readonly<Record<string, object>>) {
    this.outcomeOf = outcomeOf
    this.tables = tables
  }

  /** `tables` are those of the Glue catalog, by their names. */
  static async start(
    outcomeOf: (sql: string) => Outcome,
    tables: Readonly<Record<string, object>> = {},
  ): Promise<{ readonly athena: AthenaServer; readonly server: TestServer }> {
    const athena = new AthenaServer(outcomeOf, tables)
    const server = await startServer((request, response) => {
      const parts: Buffer[] = []
      request.on('data', (part: Buffer) => parts.push(part))
      request.on('end', () => {
        const call = String(request.headers['x-amz-target']).split('.').at(-1) ?? ''
        const input = z.record(z.string(), z.unknown()).parse(JSON.parse(Buffer.concat(parts).toString() || '{}'))
        const [, region = ''] = /Credential=[^/]*\/\d+\/([^/]*)\//.exec(request.headers.authorization ?? '') ?? []
        athena.requests.push({ call, input, region })
        const isRefused = call === athena.refuses
        response.writeHead(isRefused ? 400 : 200, { 'content-type': 'application/x-amz-json-1.1' })
        const refusal = { __type: 'AccessDeniedException', message: `${call} is not allowed.` }
        response.end(JSON.stringify(isRefused ? refusal : athena.answer(call, body.parse(input))))
      })
    })
    return { athena, server }
  }

  /** The inputs of the requests of a kind. */
  sent(call: string): readonly Readonly<Record<string, unknown>>[] {
    return this.requests.filter((one) => one.call === call).map(({ input }) => input)
  }

  /** The regions that requests were signed for. */
  regions(): ReadonlySet<string> {
    return new Set(this.requests.map(({ region }) => region))
  }

  private answer(
    call: string,
    { QueryExecutionId: id, QueryString, NextToken, Name: table }: z.infer<typeof body>,
  ): object {
    if (call === 'GetTable') return { Table: this.tables[table] }
    const query = this.queries.get(id)
    if (call === 'StartQueryExecution') {
      const QueryExecutionId = `query-${this.queries.size + 1}`
      this.queries.set(QueryExecutionId, { outcome: this.outcomeOf(QueryString), asked: 0, state: 'RUNNING' })
      return { QueryExecutionId }
    }
    if (query === undefined) return {}
    const { outcome } = query
    if (call === 'StopQueryExecution') {
      query.state = 'CANCELLED'
      return {}
    }
    if (call === 'GetQueryExecution') {
      if (++query.asked > outcome.asked && query.state === 'RUNNING')
        query.state = outcome.error === undefined ? 'SUCCEEDED' : 'FAILED'
      return {
        QueryExecution: {
          QueryExecutionId: id,
          StatementType: outcome.statementType,
          Status: { State: query.state, StateChangeReason: outcome.error },
          Statistics: { DataScannedInBytes: outcome.scanned, TotalExecutionTimeInMillis: 1500 },
        },
      }
    }
    const names = outcome.columns.map(({ Name }) => Name)
    const all = outcome.statementType === 'DML' ? [names, ...outcome.rows] : outcome.rows
    const from = Number(NextToken)
    const next = from + 1000 < all.length ? { NextToken: String(from + 1000) } : {}
    const Rows = all.slice(from, from + 1000).map((row) => ({
      Data: row.map((value) => (value === null ? {} : { VarCharValue: value })),
    }))
    return { ResultSet: { Rows, ResultSetMetadata: { ColumnInfo: outcome.columns } }, ...next }
  }
}
