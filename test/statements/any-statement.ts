import * as fc from 'fast-check'
import type { Alteration, Change, Rename } from '../../src/sql/statement/alter.ts'
import { objectTypes } from '../../src/sql/statement/objects.ts'
import type { PipelineStatement } from '../../src/sql/statement/registry.ts'
import { copyIntoTable, copyOfPipe, fromQuery } from './any-copy.ts'
import { anyFunction, anyPartitions, anyTable, anyView } from './any-definitions.ts'
import {
  block,
  database,
  integration,
  type Of,
  type Options,
  pipe,
  pipeSettings,
  stage,
  stream,
  task,
  warehouse,
} from './any-options.ts'
import {
  anyBody,
  anyCondition,
  anyFormat,
  anyFormatReference,
  anyLocation,
  anyName,
  anyPart,
  anyText,
  anyType,
  bool,
  creation,
  eachCsv,
  eachJson,
  eachParquet,
  type EachOption,
  given,
  kind,
  list,
  withOptional,
} from './any-values.ts'

function changeOf<V extends object>(each: EachOption<V>): fc.Arbitrary<Change<V>> {
  const keys: (keyof V)[] = []
  for (const key in each) keys.push(key)
  return fc.oneof(
    given(each)
      .filter((options) => Object.keys(options).length > 0)
      .map((options): Change<V> => ({ action: 'set', options })),
    fc.subarray(keys, { minLength: 1 }).map((options): Change<V> => ({ action: 'unset', options })),
  )
}

const rename: fc.Arbitrary<Rename> = fc.record({ action: kind('rename'), to: anyName })

const alteration = <K extends string, C>(word: K, change: fc.Arbitrary<C>): fc.Arbitrary<Alteration<C> & { kind: K }> =>
  fc.record({ kind: kind(word), ifExists: bool, name: anyName, change })

const scope: fc.Arbitrary<Exclude<Of<'show'>['in'], undefined>> = fc.oneof(
  fc.record({ within: kind('ACCOUNT') }),
  withOptional({ within: fc.constantFrom('DATABASE', 'SCHEMA', 'TABLE') }, { name: anyName }),
  fc.record({ within: kind('NAME'), name: anyName }),
)

/** An arbitrary for each kind of statement; leaving one out does not compile. */
const each: { readonly [K in PipelineStatement['kind']]: fc.Arbitrary<Of<K>> } = {
  'create-storage-integration': fc.record({
    ...creation,
    kind: kind('create-storage-integration'),
    options: fc
      .tuple(given(integration), fc.record(integration))
      .map(([some, { type, storageProvider, enabled, storageAwsRoleArn, storageAllowedLocations }]) => ({
        ...some,
        ...{ type, storageProvider, enabled, storageAwsRoleArn, storageAllowedLocations },
      })),
  }),
  'alter-storage-integration': alteration('alter-storage-integration', changeOf(integration)),
  'create-warehouse': fc.record({ ...creation, kind: kind('create-warehouse'), options: given(warehouse) }),
  'alter-warehouse': alteration(
    'alter-warehouse',
    fc.oneof(
      changeOf(warehouse),
      rename,
      fc.record({ action: fc.constantFrom('suspend', 'abort-all-queries') }),
      fc.record({ action: kind('resume'), ifSuspended: bool }),
    ),
  ),
  'create-database': fc.record({
    ...creation,
    kind: kind('create-database'),
    transient: bool,
    options: given(database),
  }),
  'alter-database': alteration('alter-database', fc.oneof(changeOf(database), rename)),
  'create-schema': fc.record({ ...creation, kind: kind('create-schema'), transient: bool, options: given(database) }),
  'alter-schema': alteration('alter-schema', fc.oneof(changeOf(database), rename)),
  'create-file-format': withOptional(
    { ...creation, kind: kind('create-file-format'), temporary: bool, format: anyFormat },
    { comment: anyText },
  ),
  'alter-file-format': alteration(
    'alter-file-format',
    fc.oneof(changeOf({ ...eachParquet, ...eachJson, ...eachCsv, logFormat: anyText, comment: anyText }), rename),
  ),
  'create-stage': fc.record({ ...creation, kind: kind('create-stage'), temporary: bool, options: given(stage) }),
  'alter-stage': alteration(
    'alter-stage',
    fc.oneof(changeOf(stage), rename, withOptional({ action: kind('refresh') }, { subpath: anyText })),
  ),
  'create-pipe': fc.record({ ...creation, kind: kind('create-pipe'), options: given(pipe), copy: copyOfPipe }),
  'alter-pipe': alteration(
    'alter-pipe',
    fc.oneof(
      changeOf(pipeSettings),
      fc.record({
        action: kind('refresh'),
        options: given({
          prefix: anyText,
          modifiedAfter: fc.constantFrom('2026-11-20', '2026-11-20T12:00:00.5+09:00'),
        }),
      }),
    ),
  ),
  'create-stream': fc.record({
    ...creation,
    kind: kind('create-stream'),
    copyGrants: bool,
    on: fc.record({ object: fc.constantFrom('TABLE', 'VIEW'), name: anyName }),
    options: given(stream),
  }),
  'alter-stream': alteration('alter-stream', changeOf(stream)),
  'create-task': withOptional(
    {
      ...creation,
      kind: kind('create-task'),
      options: given(task),
      after: list(anyName),
      body: fc.oneof(anyBody, block),
    },
    { when: anyCondition },
  ),
  'alter-task': alteration(
    'alter-task',
    fc.oneof(
      changeOf(task),
      fc.record({ action: fc.constantFrom('resume', 'suspend', 'remove-when') }),
      fc.record({ action: fc.constantFrom('add-after', 'remove-after'), tasks: list(anyName, 1) }),
      fc.record({ action: kind('modify-as'), body: fc.oneof(anyBody, block) }),
      fc.record({ action: kind('modify-when'), body: anyCondition }),
    ),
  ),
  'execute-task': fc.record({ kind: kind('execute-task'), name: anyName }),
  ...anyPartitions,
  'create-table': anyTable,
  'create-view': anyView,
  'create-function': anyFunction,
  drop: withOptional(
    { kind: kind('drop'), object: fc.constantFrom(...objectTypes), ifExists: bool, name: anyName },
    { behaviour: fc.constantFrom('CASCADE', 'RESTRICT') },
  ).chain((drop) =>
    drop.object === 'FUNCTION' ? list(anyType).map((argumentTypes) => ({ ...drop, argumentTypes })) : fc.constant(drop),
  ),
  describe: fc
    .record({ kind: kind('describe'), object: fc.constantFrom(...objectTypes), name: anyName })
    .chain((one) =>
      one.object === 'FUNCTION' ? list(anyType).map((argumentTypes) => ({ ...one, argumentTypes })) : fc.constant(one),
    ),
  show: withOptional(
    { kind: kind('show'), object: fc.constantFrom(...objectTypes), terse: bool, history: bool },
    { like: anyText, in: scope, startsWith: anyText, limit: fc.integer({ min: 0, max: 10_000 }), from: anyText },
  ).filter(({ from, limit }) => from === undefined || limit !== undefined),
  use: fc.oneof(
    fc.record({
      kind: kind('use'),
      object: fc.constantFrom('DATABASE', 'WAREHOUSE', 'ROLE'),
      name: fc.tuple(anyPart),
    }),
    fc.record({ kind: kind('use'), object: kind('SCHEMA'), name: fc.array(anyPart, { minLength: 1, maxLength: 2 }) }),
  ),
  list: withOptional({ kind: kind('list'), location: anyLocation }, { pattern: anyText }),
  remove: withOptional({ kind: kind('remove'), location: anyLocation }, { pattern: anyText }),
  'copy-into-table': copyIntoTable,
  'copy-into-stage': withOptional(
    {
      kind: kind('copy-into-stage'),
      to: anyLocation,
      from: fc.oneof(fc.record({ form: kind('table'), table: anyName }), fromQuery),
      options: given<Options<'copy-into-stage'>>({
        fileFormat: anyFormatReference,
        overwrite: bool,
        single: fc.constant(false),
        maxFileSize: fc.integer({ min: 1, max: 5_368_709_120 }),
        includeQueryId: bool,
        detailedOutput: bool,
        header: bool,
        validationMode: kind('RETURN_ROWS'),
      }),
    },
    { partitionBy: anyCondition },
  ).filter(
    ({ partitionBy, options: { overwrite, includeQueryId } }) =>
      !(overwrite === true && (includeQueryId === true || partitionBy !== undefined)) &&
      !(includeQueryId === false && partitionBy !== undefined),
  ),
}

/** A statement of the kind. */
export function statementOf(word: PipelineStatement['kind']): fc.Arbitrary<PipelineStatement> {
  const one: fc.Arbitrary<PipelineStatement> = each[word]
  return fc
    .tuple(one, bool)
    .map(([statement, orReplace]) =>
      'orReplace' in statement && !statement.ifNotExists ? { ...statement, orReplace } : statement,
    )
}

export const statementKinds = objectKeys(each)

function objectKeys<K extends string>(record: Readonly<Record<K, unknown>>): K[] {
  const keys: K[] = []
  for (const key in record) keys.push(key)
  return keys
}

/** A statement as Snowflake writes it: what Athena alone has is printed in its own grammar. */
export const anyStatement: fc.Arbitrary<PipelineStatement> = fc.oneof(
  ...statementKinds.filter((word) => !Object.hasOwn(anyPartitions, word)).map(statementOf),
)
