import type { ObjectKey } from '../../catalog/objects.ts'
import type { ObjectType } from '../statement/objects.ts'
import { failed } from './failure.ts'
import { engineName, shownName } from './names.ts'
import type { Situation } from './plan.ts'

/** Refuses a name that another object of these kinds has, or has in the engine, which compares names without regard to case. */
export function refuseTaken(key: ObjectKey, kinds: readonly ObjectType[], { objects }: Situation): void {
  const own = engineName(key.name).toLowerCase()
  const other = objects.find(
    ({ kind, database, schema, name }) =>
      kinds.includes(kind) &&
      database === key.database &&
      schema === key.schema &&
      !(kind === key.kind && name === key.name) &&
      engineName(name).toLowerCase() === own,
  )
  if (other === undefined) return
  throw failed(
    other.name === key.name
      ? `${shownName(key)} already exists as ${other.kind}; take another name, or drop it first`
      : `${shownName(key)} and the ${other.kind} ${shownName(other)} would be one name in the engine, which compares names without regard to case; take another name`,
  )
}
