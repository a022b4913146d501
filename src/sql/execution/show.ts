import { type CatalogObject, type ObjectKey, commentOf } from '../../catalog/objects.ts'
import type { Show } from '../statements/show.ts'
import { missing } from './alter.ts'
import { databaseOf, keyOf, schemaOf } from './names.ts'
import type { ObjectKind } from './object-kind.ts'
import { type Plan, type Situation, find, outcomeOf } from './plan.ts'

const terseColumns = ['created_on TIMESTAMP', 'name', 'kind', 'database_name', 'schema_name', 'comment']

/** Why SHOW is not run, where it says more than can be answered. */
export function whyNotShown({ history, in: scope }: Show): string | undefined {
  if (history) return 'what was dropped is not kept; leave HISTORY out'
  return scope?.within === 'TABLE' ? 'only tables hold those; leave IN TABLE out' : undefined
}

/** SHOW of any kind of object. */
export function planShow(kind: ObjectKind, statement: Show, situation: Situation): Plan {
  const isIn = scopeOf(kind, statement, situation)
  const like = statement.like === undefined ? undefined : patternOf(statement.like)
  const { startsWith, from } = statement
  const shown = situation.objects.filter(
    (object) =>
      object.kind === kind.type &&
      isIn(object) &&
      (like === undefined || like.test(object.name)) &&
      (startsWith === undefined || object.name.startsWith(startsWith)) &&
      (from === undefined || object.name >= from),
  )
  const objects = shown.slice(0, statement.limit)
  const outcome = statement.terse
    ? outcomeOf(terseColumns, objects.map(terseRow))
    : outcomeOf(
        kind.columns,
        objects.map((object) => kind.row(object, situation)),
      )
  return { changes: [], outcome }
}

function terseRow({ createdAt, name, kind, database, schema, definition }: CatalogObject): (string | null)[] {
  return [createdAt, name, kind, database || null, schema || null, commentOf(definition) ?? null]
}

/** A pattern of LIKE; a backslash takes the meaning of the next character. */
function patternOf(like: string): RegExp {
  const source = like.replaceAll(/\\([\s\S])|%|_|[\s\S]/g, (character: string, escaped?: string) => {
    if (escaped === undefined && character === '%') return '[\\s\\S]*'
    if (escaped === undefined && character === '_') return '[\\s\\S]'
    return (escaped ?? character).replaceAll(/[$()*+.?[\\\]^{|}]/g, String.raw`\$&`)
  })
  return new RegExp(`^${source}$`, 'iu')
}

/** Which objects are in the scope: without one, those of the current database. */
function scopeOf(kind: ObjectKind, { in: scope }: Show, situation: Situation): (object: CatalogObject) => boolean {
  const { session } = situation
  if (kind.level === 'account' || scope?.within === 'ACCOUNT') return () => true
  if (scope === undefined)
    return session.database === undefined ? () => true : ({ database }) => database === session.database
  const container = containerOf(kind, scope, situation)
  if (find(situation.objects, container) === undefined) throw missing(container)
  if (container.kind === 'DATABASE') return ({ database }) => database === container.name
  return ({ database, schema }) => database === container.database && schema === container.name
}

function containerOf(kind: ObjectKind, scope: Show['in'] & object, situation: Situation): ObjectKey {
  const { session, objects } = situation
  if (scope.within === 'ACCOUNT' || scope.name === undefined)
    return scope.within === 'SCHEMA'
      ? { kind: 'SCHEMA', database: databaseOf(session), schema: '', name: schemaOf(session) }
      : { kind: 'DATABASE', database: '', schema: '', name: databaseOf(session) }
  const asDatabase = (): ObjectKey => keyOf('DATABASE', 'account', scope.name ?? [], session)
  if (scope.within === 'DATABASE' || kind.level === 'database') return asDatabase()
  // A name alone is a schema of the current database, where there is one of that name.
  if (scope.within === 'NAME' && scope.name.length === 1 && session.database === undefined) return asDatabase()
  const asSchema = keyOf('SCHEMA', 'database', scope.name, session)
  const isSchema = scope.within === 'SCHEMA' || scope.name.length > 1 || find(objects, asSchema) !== undefined
  return isSchema ? asSchema : asDatabase()
}
