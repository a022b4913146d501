import { useQuery } from '@tanstack/react-query'
import { useMemo } from 'react'
import { type NamedQuery, namedQueriesQuery } from '../api/lake.ts'
import { useChoices } from '../app/choices.tsx'
import type { Language } from '../text/figures.ts'
import { parametersJa } from '../text/parameters-ja.ts'

const none: readonly NamedQuery[] = []

/** The named queries in the reader's language; none until they have come. */
export function useNamedQueries(): readonly NamedQuery[] {
  const { language } = useChoices()
  const { data = none } = useQuery(namedQueriesQuery)
  return useMemo(() => data.map((query) => queryIn(query, language)), [data, language])
}

function queryIn(query: NamedQuery, language: Language): NamedQuery {
  if (language === 'en') return query
  const parameters = query.parameters.map((parameter) => ({
    ...parameter,
    doc: parametersJa.get(parameter.doc) ?? parameter.doc,
  }))
  return { ...query, ...query.ja, parameters }
}
