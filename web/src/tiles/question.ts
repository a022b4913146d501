import { keepPreviousData, queryOptions } from '@tanstack/react-query'
import type { Tile } from '../../../src/dashboard/shape.ts'
import type { QueryEngine } from '../../../src/sql/engines.ts'
import { ask, type Question, type RecordScope } from '../api/query.ts'

const maxRows = 10_000

/** What a tile asks of the records in a scope. */
export function questionOf(
  tile: Pick<Tile, 'sql' | 'dialect' | 'query' | 'parameters'>,
  scope: RecordScope,
  engine: QueryEngine = 'lake',
): Question {
  const asked =
    tile.query === undefined
      ? { sql: tile.sql, dialect: tile.dialect }
      : { name: tile.query, parameters: tile.parameters }
  if (engine === 'lake') return { ...asked, scope, maxRows }
  return { ...asked, dialect: tile.dialect ?? 'duckdb', engine, scope, maxRows }
}

/** The answer to a question for a state of the data. The one before stays in sight until it comes. */
export function answerQuery(question: Question, version: string | undefined) {
  return queryOptions({
    queryKey: ['answer', question, version],
    queryFn: ({ signal, client }) => {
      const earlier = client.getQueriesData({ queryKey: ['answer', question] })
      return ask({ ...question, refresh: earlier.some(([, answer]) => answer !== undefined) }, signal)
    },
    placeholderData: keepPreviousData,
    staleTime: Infinity,
    gcTime: 120_000,
  })
}
