import type { CatalogObject, Definition, ObjectKey } from '../../catalog/objects.ts'
import { hiveName } from '../statement/hive-text.ts'
import { failed } from './failure.ts'
import { type Level, keyOf, partOf, refuseReserved, shownName } from './names.ts'
import type { ObjectKind } from './object-kind.ts'
import { type Change, type Plan, type Situation, find, statusOf } from './plan.ts'

/** CREATE of any kind of object. */
export function planCreate(kind: ObjectKind, statement: Definition, situation: Situation): Plan {
  const key = keyOf(kind.type, kind.level, statement.name, situation.session)
  refuseReserved(key)
  requireContainer(key, kind.level, situation)
  const existing = find(situation.objects, key)
  if (existing !== undefined && statement.ifNotExists)
    return { changes: [], outcome: statusOf(`${key.name} already exists, statement succeeded.`) }
  if (existing !== undefined && !statement.orReplace)
    throw failed(
      `${kind.type} ${shownName(key)} already exists; say CREATE OR REPLACE, or CREATE ${kind.type} IF NOT EXISTS`,
    )
  const dropped = existing === undefined ? [] : dropOf(kind, existing, situation)
  const object: CatalogObject = {
    ...key,
    definition: kept(kind.define(statement, key, situation), key.name),
    createdAt: situation.now,
    dialect: kind.keepsDialect === true || isHive(statement) ? situation.dialect : 'snowflake',
  }
  const before = { ...situation, objects: situation.objects.filter((one) => !isRemoved(one, dropped)) }
  const made = kind.whenMade?.(object, before) ?? []
  const session = kind.inUse?.(key, situation)
  return {
    changes: [...dropped, ...made, { step: 'put', object }],
    outcome: statusOf(`${kind.title} ${key.name} successfully created.`),
    ...(session === undefined ? {} : { session }),
  }
}

/** The steps that drop an object with what it holds. */
export function dropOf(
  kind: ObjectKind,
  object: CatalogObject,
  situation: Situation,
  behaviour?: 'CASCADE' | 'RESTRICT',
): Change[] {
  return [...(kind.whenDropped?.(object, behaviour, situation) ?? []), { step: 'remove', key: object }]
}

/** Refuses a name whose database or schema does not exist. */
export function requireContainer({ database, schema }: ObjectKey, level: Level, { objects }: Situation): void {
  if (level === 'account') return
  const container: ObjectKey =
    level === 'database'
      ? { kind: 'DATABASE', database: '', schema: '', name: database }
      : { kind: 'SCHEMA', database, schema: '', name: schema }
  if (find(objects, container) === undefined)
    throw failed(`${container.kind} ${shownName(container)} does not exist; make it with CREATE ${container.kind}`)
}

/** A definition as the catalog holds it: of itself, without what the statement said of others. */
function kept<D extends Definition>(definition: D, name: string): D {
  const own = partOf(name)
  return { ...definition, orReplace: false, ifNotExists: false, name: [isHive(definition) ? hiveName(own) : own] }
}

/** External tables are kept as Athena writes them. */
function isHive(definition: Definition): boolean {
  return definition.kind === 'create-table' && definition.external !== undefined
}

/** The definition of a renamed object. */
export function renamed<D extends Definition>(definition: D, name: string): D {
  return kept(definition, name)
}

function isRemoved(object: CatalogObject, changes: readonly Change[]): boolean {
  return changes.some((change) => change.step === 'remove' && change.key === object)
}
