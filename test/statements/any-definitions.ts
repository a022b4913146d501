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
