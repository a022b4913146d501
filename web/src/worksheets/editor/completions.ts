import { quoteName } from '../../records/names.ts'
import type { Catalog, CatalogTable } from './catalog.ts'
import { keywords } from './keywords.ts'

/** One thing that may be meant. */
export interface Offer {
  readonly label: string
  /** What is written, where that is not the label. */
  readonly text?: string | undefined
  readonly kind: 'column' | 'table' | 'function' | 'keyword' | 'alias'
  /** Beside it: a type, or a schema. */
  readonly detail?: string | undefined
  readonly about?: string | undefined
  /** Higher ones come first. */
  readonly boost: number
}

const silent = /'(?:[^']|'')*'|--[^\n]*|\/\*[\s\S]*?\*\//g
const name = '(?:"(?:[^"]|"")*"|[A-Za-z_][\\w$]*)'
const named = new RegExp(`(?:\\bfrom|\\bjoin|,)\\s+(${name}(?:\\.${name})*)(?:\\s+(?:as\\s+)?(${name}))?`, 'gi')
const defined = new RegExp(
  `(?:\\bwith(?:\\s+recursive)?|,)\\s+(${name})\\s*(?:\\([^()]*\\)\\s*)?as\\s+(?:not\\s+)?(?:materialized\\s+)?\\(`,
  'gi',
)
const wantsTable = /\b(?:from|join|describe|summarize)\s+"?$/i

function plainName(written: string): string {
  return written.startsWith('"') ? written.slice(1, -1).replaceAll('""', '"') : written
}

function isSame(one: string, other: string): boolean {
  return one.toLowerCase() === other.toLowerCase()
}

/** Tables that a statement names, under the names that it gives them. */
function tablesIn(statement: string, { tables }: Catalog): { readonly alias: string; readonly table: CatalogTable }[] {
  return [...statement.matchAll(named)].flatMap(([, path = '', alias]) => {
    const last = plainName(path.slice(path.lastIndexOf('.') + 1))
    const table = tables.find((known) => isSame(known.name, last))
    if (table === undefined) return []
    const isAlias = alias !== undefined && !keywords.includes(alias.toLowerCase())
    return [{ alias: isAlias ? plainName(alias) : last, table }]
  })
}

function columnOffers({ name: table, columns }: CatalogTable, boost: number): Offer[] {
  return columns.map((column) => ({
    label: column.name,
    text: quoteName(column.name),
    kind: 'column',
    detail: column.type.toLowerCase(),
    about: table,
    boost,
  }))
}

function tableOffers(tables: readonly CatalogTable[], boost: number): Offer[] {
  return tables.map((table) => ({
    label: table.name,
    text: quoteName(table.name),
    kind: 'table',
    detail: table.schema,
    boost,
  }))
}

function functionOffers({ functions }: Catalog): Offer[] {
  return functions.map(({ schema, name: label, parameters, description }) => ({
    label,
    kind: 'function',
    detail: `(${parameters})`,
    about: description === '' ? undefined : description,
    boost: schema === 'logs' || schema === 'public' ? 30 : -30,
  }))
}

function unique(offers: readonly Offer[]): Offer[] {
  return [...new Map(offers.map((offer) => [`${offer.kind} ${offer.label}`, offer])).values()]
}

/**
 * What may be meant at a place in a statement. `before` is the statement up to the word that is being written: behind
 * `alias.` the columns of its table, behind FROM the tables, else the columns of the tables that the statement names,
 * our functions, the engine's, and keywords.
 */
export function offersAt(statement: string, before: string, catalog: Catalog): Offer[] {
  const heard = statement.replaceAll(silent, ' ')
  const [, parent] = new RegExp(`(${name})\\.$`).exec(before) ?? []
  const known = tablesIn(heard, catalog)
  if (parent !== undefined) {
    const owner = plainName(parent)
    const found = known.filter(({ alias }) => isSame(alias, owner)).map(({ table }) => table)
    const tables = found.length > 0 ? found : catalog.tables.filter((table) => isSame(table.name, owner))
    const ofSchema = catalog.tables.filter(({ schema }) => isSame(schema, owner))
    return unique([...tables.flatMap((table) => columnOffers(table, 50)), ...tableOffers(ofSchema, 40)])
  }
  const own = [...heard.matchAll(defined)].map(([, written = '']): Offer => ({
    label: plainName(written),
    text: written,
    kind: 'table',
    detail: 'with',
    boost: 60,
  }))
  if (wantsTable.test(before)) return unique([...tableOffers(catalog.tables, 50), ...own])
  const aliases = known.map(({ alias }): Offer => ({ label: alias, text: quoteName(alias), kind: 'alias', boost: 20 }))
  return unique([
    ...keywords.map((label): Offer => ({ label, kind: 'keyword', boost: 0 })),
    ...functionOffers(catalog),
    ...tableOffers(catalog.tables, 10),
    ...aliases,
    ...own,
    ...known.flatMap(({ table }) => columnOffers(table, 50)),
  ])
}
