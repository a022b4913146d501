import type { Describe } from '../statements/describe.ts'
import type { Use } from '../statements/use.ts'
import type { CatalogObject } from '../../catalog/objects.ts'
import { missing } from './alter.ts'
import { failed } from './failure.ts'
import { keyOf } from './names.ts'
import type { ObjectKind } from './object-kind.ts'
import { type Plan, type Situation, find, statusOf } from './plan.ts'

/** DESC of any kind of object. */
export function planDescribe(kind: ObjectKind, { name, argumentTypes }: Describe, situation: Situation): Plan {
  const key = keyOf(kind.type, kind.level, name, situation.session)
  const object = meant(kind, find(situation.objects, key), argumentTypes)
  if (object === undefined) throw missing(key)
  return { changes: [], outcome: kind.describe(object, situation) }
}

/** The object that a statement names, once it is known that its arguments are those that were said. */
export function meant(
  kind: ObjectKind,
  object: CatalogObject | undefined,
  argumentTypes: readonly string[] | undefined,
): CatalogObject | undefined {
  if (object === undefined || argumentTypes === undefined) return object
  const why = kind.whyNotMeant?.(object, argumentTypes)
  if (why !== undefined) throw failed(why)
  return object
}

/** USE of a database, schema or warehouse. */
export function planUse(kind: ObjectKind, { name }: Use, situation: Situation): Plan {
  const key = keyOf(kind.type, kind.level, name, situation.session)
  if (find(situation.objects, key) === undefined) throw missing(key)
  return {
    changes: [],
    outcome: statusOf('Statement executed successfully.'),
    session: kind.inUse?.(key, situation) ?? situation.session,
  }
}
