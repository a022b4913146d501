import type { CatalogObject, ObjectKey } from '../../catalog/objects.ts'
import { failed } from './failure.ts'
import { engineSchema, isWithin, shownName } from './names.ts'
import type { Behaviour } from './object-kind.ts'
import type { Change, Relation, Situation } from './plan.ts'
import { ownDatabase, publicSchema } from './session.ts'

/** The steps that make a schema. */
export function makeSchema(object: CatalogObject, { objects }: Pick<Situation, 'objects'>): Change[] {
  const schema = engineSchema(object.database, object.name)
  const other = schemasOf(objects).find(
    (known) => schemaKey(known) !== schemaKey(object) && engineSchema(known.database, known.name) === schema,
  )
  if (other !== undefined)
    throw failed(
      `${shownName(object)} and ${shownName(other)} would be one schema of the engine, which compares names without regard to case; take another name`,
    )
  return [{ step: 'make-schema', schema }]
}

/** The steps that drop what stands within a database or schema, and its schemas in the engine. */
export function dropWithin(container: CatalogObject, behaviour: Behaviour, situation: Situation): Change[] {
  refuseOwn(container)
  const within = situation.objects.filter((object) => isWithin(object, container))
  const schemas = schemasWithin(container, situation.objects)
  const relations = relationsIn(schemas, situation.relations)
  const isEmpty = relations.length === 0 && within.every((object) => isPublic(object))
  if (behaviour === 'RESTRICT' && !isEmpty)
    throw failed(`${container.kind} ${shownName(container)} holds objects; drop them first, or say CASCADE`)
  const filled = relations.find(({ rows = 0 }) => rows > 0)
  if (filled !== undefined && behaviour !== 'CASCADE')
    throw failed(
      `${container.kind} ${shownName(container)} holds the table ${filled.name}, which has rows, and what is dropped cannot come back; say DROP ${container.kind} ${shownName(container)} CASCADE to drop them too`,
    )
  return [
    ...within.flatMap(beside),
    ...within.map((key): Change => ({ step: 'remove', key })),
    ...schemas.map((schema): Change => ({ step: 'drop-schema', schema })),
  ]
}

/** What dropping an object takes with it, besides its line in the catalog. */
function beside(key: CatalogObject): Change[] {
  if (key.kind === 'TABLE') return [{ step: 'drop-table', key }]
  if (key.kind === 'TASK') return [{ step: 'forget-task', key }]
  if (key.kind === 'STREAM') return [{ step: 'drop-stream', key }]
  return key.kind === 'PIPE' ? [{ step: 'forget-pipe', key }] : []
}

/** The steps that take what stands within a database or schema to its new name. */
export function moveWithin(before: CatalogObject, after: ObjectKey, situation: Situation): Change[] {
  refuseOwn(before)
  const schemas = schemasWithin(before, situation.objects)
  const [held] = relationsIn(schemas, situation.relations)
  if (held !== undefined)
    throw failed(
      `${before.kind} ${shownName(before)} holds ${held.name}, and the engine renames no schema; make another one, and copy what is in it`,
    )
  const moved = (object: CatalogObject): CatalogObject =>
    before.kind === 'DATABASE'
      ? { ...object, database: after.name }
      : { ...object, database: after.database, schema: after.name }
  const within = situation.objects.filter((object) => isWithin(object, before))
  const others = situation.objects.filter((object) => !isWithin(object, before) && object !== before)
  const made = before.kind === 'DATABASE' ? schemasOf(within).map(moved) : [{ ...before, ...after }]
  return [
    ...schemas.map((schema): Change => ({ step: 'drop-schema', schema })),
    ...within.map((key): Change => ({ step: 'remove', key })),
    ...made.flatMap((object) => makeSchema(object, { objects: others })),
    ...within.map((object): Change => ({ step: 'put', object: moved(object) })),
    ...within.flatMap((key): Change[] => {
      if (key.kind === 'TASK') return [{ step: 'move-task', key, to: moved(key) }]
      return key.kind === 'PIPE' ? [{ step: 'move-pipe', key, to: moved(key) }] : []
    }),
  ]
}

/** Refuses to drop, replace or rename what every lake has. */
function refuseOwn({ kind, database, name }: ObjectKey): void {
  const isOwn = kind === 'DATABASE' ? name === ownDatabase : database === ownDatabase && name === publicSchema
  if (isOwn)
    throw failed(
      `${kind} ${kind === 'DATABASE' ? name : `${database}.${name}`} is the lake's own, and stays; make another one, and drop, replace or rename that`,
    )
}

function isPublic({ kind, name }: CatalogObject): boolean {
  return kind === 'SCHEMA' && name === publicSchema
}

function schemasOf(objects: readonly CatalogObject[]): CatalogObject[] {
  return objects.filter(({ kind }) => kind === 'SCHEMA')
}

function schemaKey({ database, name }: ObjectKey): string {
  return JSON.stringify([database, name])
}

/** The schemas in the engine of a database, or of one schema. */
function schemasWithin(container: CatalogObject, objects: readonly CatalogObject[]): string[] {
  if (container.kind === 'SCHEMA') return [engineSchema(container.database, container.name)]
  return schemasOf(objects)
    .filter((object) => isWithin(object, container))
    .map(({ database, name }) => engineSchema(database, name))
}

function relationsIn(schemas: readonly string[], relations: readonly Relation[]): Relation[] {
  return relations.filter(({ schema }) => schemas.includes(schema.toLowerCase()))
}
