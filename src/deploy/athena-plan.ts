import { hash } from 'node:crypto'
import { MillraceError } from '../errors.ts'
import type { NamedQuery } from '../named-queries/named-query.ts'
import { printExternalTable } from '../sql/statement/external-files.ts'
import { printStatement } from '../sql/statement/registry.ts'
import { type LogSource, type RawPartition, rawPartitions, rawTable } from './log-source.ts'
import { logViews } from './log-views.ts'
import { type PortableQuery, portableQuery } from './trino-sql.ts'

/** Where it is deployed to. */
export interface AthenaTarget {
  readonly database: string
  readonly workGroup: string
  /** `s3://bucket/folder/`: where Athena writes results. */
  readonly outputLocation: string
  /** A query that would scan more is ended; at least 10 MB. */
  readonly bytesLimit: number
}

/** A table or view, and the statement that makes it. */
interface Relation {
  readonly name: string
  readonly kind: 'TABLE' | 'VIEW'
  readonly sql: string
  /** Partitions that are to be registered, and the columns that tell them apart. */
  readonly partitions?: readonly RawPartition[]
  readonly partitionedBy?: readonly string[]
}

/** All that there is to be. */
export interface Wanted extends AthenaTarget {
  readonly relations: readonly Relation[]
  readonly queries: readonly PortableQuery[]
}

/** What there is. */
export interface Found {
  readonly workGroup:
    | { readonly outputLocation: string; readonly bytesLimit: number; readonly isEnforced: boolean }
    | undefined
  /** Its properties: what was deployed, by name. */
  readonly database: Readonly<Record<string, string>> | undefined
  /** Tables and views that the database has. */
  readonly relations: ReadonlySet<string>
  /** Values of the partitions that are registered, as JSON, by table. */
  readonly partitions?: ReadonlyMap<string, ReadonlySet<string>>
  readonly queries: readonly (PortableQuery & { readonly id: string })[]
}

/** One request. A statement runs by StartQueryExecution; `marks` is what the database then notes of it. */
export type Step =
  | { readonly call: 'CreateWorkGroup' | 'UpdateWorkGroup'; readonly target: AthenaTarget }
  | { readonly call: 'CreateDatabase'; readonly database: string }
  | { readonly call: 'StartQueryExecution'; readonly sql: string; readonly marks: Readonly<Record<string, string>> }
  | { readonly call: 'CreateNamedQuery'; readonly query: PortableQuery }
  | { readonly call: 'UpdateNamedQuery'; readonly id: string; readonly query: PortableQuery }

/** What a source means on Athena. */
export async function wantedOnAthena(
  sources: readonly LogSource[],
  queries: readonly NamedQuery[],
  target: AthenaTarget,
  today = new Date(),
): Promise<Wanted> {
  const relations: Relation[] = []
  for (const source of sources) {
    const table = rawTable(source, today)
    relations.push({
      name: table.name[0]?.text ?? '',
      kind: 'TABLE',
      sql: printExternalTable(table),
      partitions: rawPartitions(source, today),
      partitionedBy: table.external.partitionedBy.map(({ name }) => name.text),
    })
    for (const { name, sql } of await logViews(source))
      relations.push({ name, kind: 'VIEW', sql: `CREATE OR REPLACE VIEW ${name} AS\n${sql}` })
  }
  const tables = new Set(sources.map(({ type }) => type.table))
  const answered = queries.filter(({ logTypes }) => logTypes.every((table) => tables.has(table)))
  return { ...target, relations, queries: await Promise.all(answered.map(portableQuery)) }
}

/** The requests that make what there is what it is to be; none where it is. Throws USAGE for what somebody else made. Pure. */
export function planAthena(wanted: Wanted, found: Found): Step[] {
  const { workGroup } = found
  const foreign = wanted.relations.find(
    ({ name }) => found.relations.has(name) && found.database?.[markName(name)] === undefined,
  )
  if (foreign !== undefined)
    throw new MillraceError(
      'USAGE',
      `${wanted.database}.${foreign.name} is there, and Millrace did not make it. Name another database with --database, or drop it yourself.`,
    )
  const steps: Step[] = []
  const { database, outputLocation, bytesLimit } = wanted
  const target = { database, workGroup: wanted.workGroup, outputLocation, bytesLimit }
  if (workGroup === undefined) steps.push({ call: 'CreateWorkGroup', target })
  else if (workGroup.outputLocation !== outputLocation || workGroup.bytesLimit !== bytesLimit || !workGroup.isEnforced)
    steps.push({ call: 'UpdateWorkGroup', target })
  if (found.database === undefined) steps.push({ call: 'CreateDatabase', database })
  for (const relation of wanted.relations) {
    const { name, kind, sql } = relation
    const mark = markOf(sql)
    const isThere = found.relations.has(name)
    const isSame = isThere && found.database?.[markName(name)] === mark
    // A table that is dropped keeps its files.
    if (isThere && !isSame && kind === 'TABLE')
      steps.push({
        call: 'StartQueryExecution',
        sql: `DROP TABLE IF EXISTS \`${name}\``,
        marks: { [markName(name)]: '' },
      })
    if (!isSame) steps.push({ call: 'StartQueryExecution', sql, marks: { [markName(name)]: mark } })
    steps.push(...additions(relation, isSame ? found.partitions?.get(name) : undefined))
  }
  for (const query of wanted.queries) {
    const there = found.queries.find(({ name }) => name === query.name)
    if (there === undefined) steps.push({ call: 'CreateNamedQuery', query })
    else if (there.sql !== query.sql || there.description !== query.description)
      steps.push({ call: 'UpdateNamedQuery', id: there.id, query })
  }
  return steps
}

function markName(name: string): string {
  return `millrace.${name}`
}

function markOf(sql: string): string {
  return hash('sha256', sql).slice(0, 16)
}

/** Partitions that one statement registers. */
const addedAtOnce = 100

/** Statements that register the partitions that are not there. */
function additions({ name, partitions = [], partitionedBy = [] }: Relation, there?: ReadonlySet<string>): Step[] {
  const missing = partitions.filter(({ values }) => there?.has(JSON.stringify(values)) !== true)
  const steps: Step[] = []
  for (let at = 0; at < missing.length; at += addedAtOnce) {
    const sql = printStatement({
      kind: 'add-partitions',
      table: [{ text: name, quoted: false }],
      ifNotExists: true,
      partitions: missing.slice(at, at + addedAtOnce).map(({ values, location }) => ({
        location,
        spec: partitionedBy.map((text, index) => ({ column: { text, quoted: false }, value: values[index] ?? '' })),
      })),
    })
    steps.push({ call: 'StartQueryExecution', sql, marks: {} })
  }
  return steps
}
