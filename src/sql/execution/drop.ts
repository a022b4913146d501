import type { ObjectKey } from '../../catalog/objects.ts'
import type { Drop } from '../statements/drop.ts'
import { missing } from './alter.ts'
import { meant } from './describe.ts'
import { dropOf } from './create.ts'
import { keyOf, refuseReserved } from './names.ts'
import type { ObjectKind } from './object-kind.ts'
import { type Plan, type Situation, find, statusOf } from './plan.ts'
import type { Session } from './session.ts'

/** DROP of any kind of object. */
export function planDrop(kind: ObjectKind, statement: Drop, situation: Situation): Plan {
  const key = keyOf(kind.type, kind.level, statement.name, situation.session)
  refuseReserved(key)
  const { ifExists, argumentTypes: types } = statement
  const named = find(situation.objects, key)
  // One of other arguments is another one, and IF EXISTS passes over what is not there.
  const isOther = named !== undefined && types !== undefined && kind.whyNotMeant?.(named, types) !== undefined
  const object = ifExists && isOther ? undefined : meant(kind, named, types)
  if (object === undefined) {
    if (!ifExists) throw missing(key)
    return { changes: [], outcome: statusOf(`Drop statement executed successfully (${key.name} already dropped).`) }
  }
  return {
    changes: [...dropOf(kind, object, situation, statement.behaviour), ...(kind.whenGone?.(object, situation) ?? [])],
    outcome: statusOf(`${key.name} successfully dropped.`),
    session: sessionWithout(key, situation.session),
  }
}

/** A session is in nothing that is gone. */
function sessionWithout({ kind, database, name }: ObjectKey, session: Session): Session {
  if (kind === 'WAREHOUSE' && session.warehouse === name) return { ...session, warehouse: undefined }
  if (kind === 'DATABASE' && session.database === name) return { ...session, database: undefined, schema: undefined }
  if (kind === 'SCHEMA' && session.database === database && session.schema === name)
    return { ...session, schema: undefined }
  return session
}
