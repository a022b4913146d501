import { readObjects } from '../../catalog/objects.ts'
import type { TableFromQuery } from '../dml/dml.ts'
import { readyQuery } from '../dml/query.ts'
import { describeQuery, keepQuery } from '../dml/rows.ts'
import { targetOf } from '../dml/target.ts'
import { insertRows } from '../dml/write-rows.ts'
import type { Work } from '../dml/work.ts'
import { planStatement } from '../execute/registry.ts'
import { failed } from '../execution/failure.ts'
import type { Outcome } from '../execution/plan.ts'
import type { TableColumn } from '../statement/columns.ts'
import type { CreateTable } from '../statements/table.ts'
import { carryOut, readSituation } from './carry-out.ts'

/** Snowflake's names for the engine's types, by the first word. */
const types: Readonly<Record<string, string>> = {
  ...named('NUMBER(38, 0)', 'TINYINT SMALLINT INTEGER BIGINT HUGEINT UTINYINT USMALLINT UINTEGER UBIGINT UHUGEINT'),
  ...named('FLOAT', 'FLOAT DOUBLE'),
  ...named('VARCHAR', 'VARCHAR ENUM UUID "NULL"'),
  ...named('BOOLEAN', 'BOOLEAN'),
  ...named('DATE', 'DATE'),
  ...named('TIME', 'TIME'),
  ...named('TIMESTAMP_NTZ', 'TIMESTAMP TIMESTAMP_S TIMESTAMP_MS TIMESTAMP_NS'),
  ...named('BINARY', 'BLOB'),
}

function named(type: string, words: string): Record<string, string> {
  return Object.fromEntries(words.split(' ').map((word) => [word, type]))
}

/** CREATE TABLE … AS, within the caller's transaction: the columns and types are those that the query gives. */
export async function tableFromQuery(statement: TableFromQuery, work: Work): Promise<Outcome> {
  const { connection, session, dialect, nowMs } = work
  const query = await readyQuery(statement.query, work, { consumes: true })
  const columns = (await describeQuery(query.sql, work)).map(columnOf)
  const definition: CreateTable = {
    kind: 'create-table',
    orReplace: statement.orReplace,
    ifNotExists: statement.ifNotExists,
    name: statement.table.name,
    lifetime: statement.transient ? 'transient' : 'permanent',
    columns,
    options: {},
  }
  // Before the table is replaced: the query may read it.
  await keepQuery('dml_rows', query.sql, work)
  const situation = await readSituation(connection, { session, dialect, nowMs }, { relations: false, columns: false })
  const { changes, outcome } = planStatement(definition, situation)
  const notices = [...query.notices, ...(await carryOut(connection, changes, dialect))]
  if (changes.length > 0) {
    const target = await targetOf(statement.table, { ...work, objects: await readObjects(connection) })
    await insertRows(target, target.own, { sql: 'select * from temp.dml_rows', notices: [] }, [], work)
  } else work.consumed.clear()
  return { ...outcome, notices }
}

function columnOf({ name, type }: { readonly name: string; readonly type: string }): TableColumn {
  const [, precision, scale] = /^DECIMAL\((\d+),(\d+)\)$/.exec(type) ?? []
  const [word = ''] = /^["A-Z_]+/.exec(type) ?? []
  const isPlain = !/[[(]/.test(type) || word === 'ENUM'
  const own =
    precision !== undefined
      ? `NUMBER(${precision}, ${scale ?? '0'})`
      : type === 'TIMESTAMP WITH TIME ZONE'
        ? 'TIMESTAMP_TZ'
        : isPlain && Object.hasOwn(types, word)
          ? types[word]
          : undefined
  if (own === undefined)
    throw failed(
      `column ${name} of the query is a ${type === 'JSON' ? 'VARIANT' : type}, which no table is made with here; cast it, as in ${name}::varchar`,
    )
  return { name: { text: name, quoted: !/^[a-z_]\w*$/i.test(name) }, type: own, notNull: false }
}
