import type { CatalogObject, ObjectKey } from '../../catalog/objects.ts'
import type { ObjectName } from '../statement/name.ts'
import { renamed, requireContainer } from './create.ts'
import { failed } from './failure.ts'
import { keyOf, refuseReserved, shownName } from './names.ts'
import type { AlterStatement, ObjectKind } from './object-kind.ts'
import { type Plan, type Situation, find, statusOf } from './plan.ts'
import type { Session } from './session.ts'

const done = 'Statement executed successfully.'

/** ALTER of any kind of object. */
export function planAlter(kind: ObjectKind, statement: AlterStatement, situation: Situation): Plan {
  const key = keyOf(kind.type, kind.level, statement.name, situation.session)
  refuseReserved(key)
  const object = find(situation.objects, key)
  if (object === undefined) {
    if (statement.ifExists) return { changes: [], outcome: statusOf(done) }
    throw missing(key)
  }
  if (statement.change.action === 'rename') return planRename(kind, object, statement.change.to, situation)
  const { definition, status = done, changes = [] } = kind.alter(object, statement, situation)
  return { changes: [{ step: 'put', object: { ...object, definition } }, ...changes], outcome: statusOf(status) }
}

/** An object that a statement needs and that is not there. */
export function missing(key: ObjectKey): Error {
  return failed(
    `${key.kind} ${shownName(key)} does not exist; SHOW ${key.kind === 'STORAGE INTEGRATION' ? 'INTEGRATION' : key.kind}S lists what there is`,
  )
}

function planRename(kind: ObjectKind, object: CatalogObject, to: ObjectName, situation: Situation): Plan {
  // A new name without a schema stays where the object is, whatever the session's schema.
  const container = kind.level === 'schema' ? { schema: object.schema } : {}
  const own: Session = { ...situation.session, database: object.database, ...container }
  const key = keyOf(kind.type, kind.level, to, own)
  refuseReserved(key)
  requireContainer(key, kind.level, situation)
  if (find(situation.objects, key) !== undefined)
    throw failed(`${kind.type} ${shownName(key)} already exists; take another name, or drop it first`)
  const isElsewhere = key.database !== object.database || key.schema !== object.schema
  const definition = isElsewhere
    ? kind.define(object.definition, key, { ...situation, session: own })
    : object.definition
  const moved = kind.whenRenamed?.(object, key, situation) ?? []
  const after = { ...object, ...key, definition: renamed(definition, key.name) }
  return {
    changes: [...moved, { step: 'remove', key: object }, { step: 'put', object: after }],
    outcome: statusOf(done),
    session: sessionAfter(object, key, situation.session),
  }
}

/** A session goes on in what it was in, under its new name. */
function sessionAfter({ kind, database, name }: ObjectKey, to: ObjectKey, session: Session): Session {
  if (kind === 'WAREHOUSE' && session.warehouse === name) return { ...session, warehouse: to.name }
  if (kind === 'DATABASE' && session.database === name) return { ...session, database: to.name }
  if (kind === 'SCHEMA' && session.database === database && session.schema === name)
    return { ...session, database: to.database, schema: to.name }
  return session
}
