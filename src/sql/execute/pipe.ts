import type { CatalogObject, ObjectKey } from '../../catalog/objects.ts'
import { pipeText } from '../../pipes/pipe.ts'
import { failed } from '../execution/failure.ts'
import { fold, keyOf, partOf, shownName } from '../execution/names.ts'
import { objectKind } from '../execution/object-kind.ts'
import { type Situation, find, outcomeOf } from '../execution/plan.ts'
import type { ObjectName } from '../statement/name.ts'
import { type CopyIntoTable, type CopySource, copySource, printCopyIntoTable } from '../statements/copy-into-table.ts'
import type { CreatePipe } from '../statements/pipe.ts'

type PipeOptions = CreatePipe['options']

const columns = [
  'created_on TIMESTAMP',
  'name',
  'database_name',
  'schema_name',
  'definition',
  'owner',
  'notification_channel',
  'comment',
  'integration',
  'pattern',
  'error_integration',
  'owner_role_type',
  'invalid_reason',
  'kind',
]

/** A name with its database and schema, so that it means the same whatever session reads it. */
function whole(kind: 'TABLE' | 'STAGE' | 'FILE FORMAT', name: ObjectName, { session }: Situation): ObjectName {
  const [, schema] = name.toReversed()
  // The tables of log types are the same in every database.
  if (kind === 'TABLE' && schema !== undefined && fold(schema) === 'LOGS') return name
  const key = keyOf(kind, 'schema', name, session)
  return [key.database, key.schema, key.name].map(partOf)
}

function wholeCopy(copy: CopyIntoTable, situation: Situation): CopyIntoTable {
  const { fileFormat } = copy.options
  const named =
    fileFormat?.form === 'named'
      ? { fileFormat: { form: 'named', name: whole('FILE FORMAT', fileFormat.name, situation) } as const }
      : {}
  return {
    ...copy,
    table: whole('TABLE', copy.table, situation),
    from: wholeSource(copy.from, situation),
    options: { ...copy.options, ...named },
  }
}

function wholeSource(from: CopySource, situation: Situation): CopySource {
  const { location, fileFormat } = from.form === 'stage' ? { ...from, fileFormat: undefined } : from.query
  const full = { ...location, stage: whole('STAGE', location.stage, situation) }
  if (from.form === 'stage') return { form: 'stage', location: full }
  const format = fileFormat === undefined ? {} : { fileFormat: whole('FILE FORMAT', fileFormat, situation) }
  return { form: 'query', query: { ...from.query, location: full, ...format } }
}

function checked(definition: CreatePipe, key: ObjectKey, situation: Situation): CreatePipe {
  const copy = wholeCopy(definition.copy, situation)
  const stage = keyOf('STAGE', 'schema', copySource(copy).location.stage, situation.session)
  if (find(situation.objects, stage) === undefined)
    throw failed(`PIPE ${shownName(key)} names the stage ${shownName(stage)}, which does not exist; make it first`)
  return { ...definition, copy }
}

/** Why a pipe cannot run; null where it can. */
function whyInvalid({ copy }: CreatePipe, { objects, session }: Situation): string | null {
  const table = copy.table.length < 3 ? undefined : keyOf('TABLE', 'schema', copy.table, session)
  const stage = keyOf('STAGE', 'schema', copySource(copy).location.stage, session)
  const lost = [table, stage].find((key) => key !== undefined && find(objects, key) === undefined)
  return lost === undefined ? null : `${lost.kind} ${shownName(lost)} does not exist`
}

function rowOf(definition: CreatePipe, object: CatalogObject, situation: Situation) {
  const { options, copy } = definition
  const state = situation.pipes.get(pipeText(object))
  return [
    object.createdAt,
    object.name,
    object.database,
    object.schema,
    printCopyIntoTable(copy),
    null,
    state?.queueArn ?? null,
    options.comment ?? null,
    options.integration?.map(fold)[0] ?? null,
    copySource(copy).pattern ?? null,
    options.errorIntegration?.map(fold)[0] ?? null,
    null,
    whyInvalid(definition, situation),
    'STAGE',
  ]
}

function given(options: object): object {
  return Object.fromEntries(Object.entries(options).filter(([, value]) => value !== undefined))
}

/** Snowflake's manual, PIPE: what comes into a stage goes into a table. */
export const pipe = objectKind({
  type: 'PIPE',
  title: 'Pipe',
  level: 'schema',
  creates: 'create-pipe',
  alters: 'alter-pipe',
  define: checked,
  alter: (definition, { change }) => {
    if (change.action === 'refresh') return { definition }
    // Whether it is paused is no part of what it is.
    const options: { -readonly [K in keyof PipeOptions]?: PipeOptions[K] } = { ...definition.options }
    if (change.action === 'set') {
      const { queue, reconcile, errorIntegration, comment } = change.options
      Object.assign(options, given({ queue, reconcile, errorIntegration, comment }))
    } else for (const key of change.options) if (key !== 'pipeExecutionPaused') delete options[key]
    return { definition: { ...definition, options } }
  },
  describe: (definition, object, situation) => outcomeOf(columns, [rowOf(definition, object, situation)]),
  columns,
  row: rowOf,
  whenDropped: (key) => [{ step: 'forget-pipe', key }],
})
