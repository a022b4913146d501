import type { Describe } from '../statements/describe.ts'
import type { Use } from '../statements/use.ts'
import { missing } from './alter.ts'
import { keyOf } from './names.ts'
import type { ObjectKind } from './object-kind.ts'
import { type Plan, type Situation, find, statusOf } from './plan.ts'

/** DESC of any kind of object. */
export function planDescribe(kind: ObjectKind, { name }: Describe, situation: Situation): Plan {
  const key = keyOf(kind.type, kind.level, name, situation.session)
  const object = find(situation.objects, key)
  if (object === undefined) throw missing(key)
  return { changes: [], outcome: kind.describe(object, situation) }
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
