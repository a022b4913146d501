import * as fc from 'fast-check'
import type { Of, Options } from './any-options.ts'
import {
  anyBody,
  anyColumn,
  anyPart,
  anyText,
  anyTexts,
  anyType,
  bodyOf,
  bool,
  creation,
  given,
  kind,
  list,
  withOptional,
} from './any-values.ts'

export const anyTable: fc.Arbitrary<Of<'create-table'>> = fc
  .record({
    ...creation,
    kind: kind('create-table'),
    lifetime: fc.constantFrom('permanent', 'temporary', 'transient'),
    columns: list(
      withOptional(
        { name: anyPart, type: anyType, notNull: bool },
        { default: fc.constantFrom('1', "f(a, 'b')", '-1 + (2)'), comment: anyText },
      ),
    ),
    options: given<Options<'create-table'>>({
      enableSchemaEvolution: bool,
      dataRetentionTimeInDays: fc.integer({ min: 0, max: 90 }),
      maxDataExtensionTimeInDays: fc.integer({ min: 0, max: 90 }),
      changeTracking: bool,
      defaultDdlCollation: anyText,
      comment: anyText,
    }),
  })
  .map((table) => ({
    ...table,
    columns: [...table.columns, { name: { text: 'record', quoted: false }, type: 'VARIANT', notNull: false }],
  }))

const hivePart = fc
  .oneof(fc.constantFrom('date', 'end', 'aws-region', 'bytes', 'a`b'), fc.stringMatching(/^[a-z_][a-z0-9_]{0,8}$/))
  .map((text) => ({ text, quoted: !/^[a-z_][a-z0-9_]*$/.test(text) }))

/** A name in Hive's grammar, which has small letters only. */
const hiveName = fc.array(hivePart, { minLength: 1, maxLength: 2 })

const hiveColumn = withOptional(
  { name: hivePart, type: fc.constantFrom('INT', 'STRING', 'DECIMAL(10, 2)', 'DATE'), notNull: fc.constant(false) },
  { comment: anyText },
)

const folder = fc.constantFrom('s3://logs/AWSLogs/', "file:///logs/it's/", 's3://b')

const layout: fc.Arbitrary<Exclude<Of<'create-table'>['external'], undefined>['layout']> = fc.oneof(
  withOptional(
    { type: kind('text'), delimiter: fc.constantFrom(' ', '\t', ',', '\u0001', "'") },
    { escape: fc.constant('\\'), nullText: anyText },
  ),
  fc.record({
    type: kind('regex'),
    regex: fc.constantFrom(String.raw`([^ ]*) \[(.*?)\] ("[^"]*"|-)`, "(a)'(b)(.)"),
    ignoresCase: bool,
  }),
  fc.record({ type: kind('parquet') }),
)

/** An external table of Athena's; a pattern has three groups. */
export const anyExternalTable: fc.Arbitrary<Of<'create-table'>> = fc.record({
  orReplace: fc.constant(false),
  ifNotExists: bool,
  kind: kind('create-table'),
  name: hiveName,
  lifetime: kind('permanent'),
  columns: fc.tuple(hiveColumn, hiveColumn, hiveColumn),
  options: fc.oneof(fc.constant({}), fc.record({ comment: anyText })),
  external: fc.record({
    partitionedBy: fc.array(hiveColumn, { maxLength: 2 }),
    layout,
    location: folder,
    properties: fc.dictionary(fc.constantFrom('skip.header.line.count', 'projection.enabled', "it's"), anyText, {
      noNullPrototype: true,
    }),
  }),
})

const spec = fc.array(fc.record({ column: hivePart, value: anyText }), { minLength: 1, maxLength: 2 })

export const anyPartitions = {
  'add-partitions': fc.record({
    kind: kind('add-partitions'),
    table: hiveName,
    ifNotExists: bool,
    partitions: fc.array(withOptional({ spec }, { location: folder }), { minLength: 1, maxLength: 3 }),
  }),
  'drop-partitions': fc.record({
    kind: kind('drop-partitions'),
    table: hiveName,
    ifExists: bool,
    specs: fc.array(spec, { minLength: 1, maxLength: 3 }),
  }),
  'show-partitions': fc.record({ kind: kind('show-partitions'), table: hiveName }),
  'repair-table': fc.record({ kind: kind('repair-table'), table: hiveName }),
} as const

export const anyView: fc.Arbitrary<Of<'create-view'>> = withOptional(
  {
    ...creation,
    kind: kind('create-view'),
    secure: bool,
    temporary: bool,
    recursive: bool,
    copyGrants: bool,
    options: given<Options<'create-view'>>({ changeTracking: bool, comment: anyText }),
    body: anyBody,
  },
  { columns: list(withOptional({ name: anyPart }, { comment: anyText })) },
)

export const anyFunction: fc.Arbitrary<Of<'create-function'>> = fc.record({
  ...creation,
  kind: kind('create-function'),
  secure: bool,
  temporary: bool,
  arguments: list(withOptional({ name: anyPart, type: anyType }, { default: fc.constantFrom('1', "f(a, ')')") })),
  returns: fc.oneof(
    fc.record({ form: kind('value'), type: anyType, notNull: bool }),
    fc.record({ form: kind('table'), columns: list(anyColumn) }),
  ),
  traits: fc.constantFrom<Of<'create-function'>['traits']>(
    [],
    ['STRICT'],
    ['COPY GRANTS', 'VOLATILE', 'CALLED ON NULL INPUT'],
    ['RETURNS NULL ON NULL INPUT', 'IMMUTABLE', 'MEMOIZABLE'],
  ),
  options: fc.oneof(
    given<Options<'create-function'>>({
      language: fc.constantFrom('SQL', 'JAVASCRIPT'),
      runtimeVersion: fc.constantFrom('3.10', 'x'),
      packages: anyTexts,
      imports: anyTexts,
      handler: anyText,
      comment: anyText,
    }),
    fc.record({ language: kind('PYTHON'), handler: anyText }),
  ),
  body: anyText.map(bodyOf),
})
