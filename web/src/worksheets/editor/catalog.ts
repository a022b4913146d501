import { queryOptions, useQuery } from '@tanstack/react-query'
import { useMemo } from 'react'
import { viewsQuery } from '../../api/lake.ts'
import { ask } from '../../api/query.ts'
import { plainText } from '../../text/figures.ts'

/** A table or view, with its columns. */
export interface CatalogTable {
  readonly schema: string
  readonly name: string
  readonly columns: readonly { readonly name: string; readonly type: string }[]
}

export interface CatalogFunction {
  readonly schema: string
  readonly name: string
  readonly parameters: string
  readonly description: string
}

/** What there is to name in SQL. */
export interface Catalog {
  readonly tables: readonly CatalogTable[]
  readonly functions: readonly CatalogFunction[]
}

const columnsStatement = `
  select schema_name, table_name, column_name, data_type
  from duckdb_columns()
  where schema_name = 'public'
  order by table_name, column_index`

const functionsStatement = `
  select schema_name, function_name,
    arg_max(array_to_string(parameters, ', '), len(parameters)) as parameters,
    coalesce(any_value(description), '') as description
  from duckdb_functions()
  where function_type in ('scalar', 'aggregate', 'macro') and schema_name in ('main', 'logs', 'public')
    and regexp_full_match(function_name, '[a-z][a-z0-9_]*')
  group by schema_name, function_name
  order by function_name`

const most = 20_000

/** The user's own tables, for a state of the lake. */
function ownTablesQuery(version: string | undefined) {
  return queryOptions({
    queryKey: ['own-tables', version],
    queryFn: async ({ signal }): Promise<CatalogTable[]> => {
      const { rows } = await ask({ sql: columnsStatement, maxRows: most }, signal)
      const tables = new Map<string, CatalogTable>()
      for (const [schema, table, column, type] of rows.map((row) => row.map(plainText))) {
        const name = table ?? ''
        const columns = tables.get(name)?.columns ?? []
        tables.set(name, {
          schema: schema ?? '',
          name,
          columns: [...columns, { name: column ?? '', type: type ?? '' }],
        })
      }
      return [...tables.values()]
    },
    placeholderData: (previous) => previous,
    staleTime: Infinity,
  })
}

const functionsQuery = queryOptions({
  queryKey: ['functions'],
  queryFn: async ({ signal }): Promise<CatalogFunction[]> => {
    const { rows } = await ask({ sql: functionsStatement, maxRows: most }, signal)
    return rows.map((row) => {
      const [schema = '', name = '', parameters = '', description = ''] = row.map(plainText)
      return { schema, name, parameters, description }
    })
  },
  staleTime: Infinity,
})

/** The tables, columns and functions that completion offers; what has not come yet is missing. */
export function useCatalog(version: string | undefined): Catalog {
  const { data: views } = useQuery(viewsQuery)
  const { data: own } = useQuery(ownTablesQuery(version))
  const { data: functions } = useQuery(functionsQuery)
  return useMemo(() => {
    const tables = own ?? []
    // Without a schema, a name means the user's table before a built-in view.
    const hidden = new Set(tables.map(({ name }) => name.toLowerCase()))
    const shown = (views ?? []).filter(({ name }) => !hidden.has(name.toLowerCase()))
    return {
      tables: [...tables, ...shown.map(({ name, columns }) => ({ schema: 'logs', name, columns }))],
      functions: functions ?? [],
    }
  }, [views, own, functions])
}
