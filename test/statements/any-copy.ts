import * as fc from 'fast-check'
import type { CopyErrors } from '../../src/sql/statement/copy-values.ts'
import { printLiteral } from '../../src/sql/statement/literal.ts'
import type { Body } from '../../src/sql/statement/reader.ts'
import type { CopyIntoTable, CopySource } from '../../src/sql/statements/copy-into-table.ts'
import type { Options } from './any-options.ts'
import {
  anyBody,
  anyCount,
  anyFormatReference,
  anyLocation,
  anyName,
  anyPart,
  anyText,
  anyTexts,
  bool,
  type EachOption,
  given,
  kind,
  list,
  withOptional,
} from './any-values.ts'

const copyErrors: fc.Arbitrary<CopyErrors> = fc.oneof(
  fc.record({ action: fc.constantFrom('CONTINUE', 'SKIP_FILE', 'ABORT_STATEMENT') }),
  fc.record({ action: kind('SKIP_FILE'), rows: fc.integer({ min: 1, max: 999 }) }),
  fc.record({ action: kind('SKIP_FILE'), percent: fc.integer({ min: 1, max: 100 }) }),
)
const pipeCopy = {
  pattern: anyText,
  fileFormat: anyFormatReference,
  enforceLength: bool,
  truncatecolumns: bool,
  loadUncertainFiles: bool,
}
const copy = {
  ...pipeCopy,
  files: anyTexts,
  onError: copyErrors,
  sizeLimit: anyCount,
  purge: bool,
  returnFailedOnly: bool,
  force: bool,
}
const stageCopy: EachOption<Options<'copy-into-table'>> = {
  ...copy,
  matchByColumnName: fc.constantFrom('CASE_SENSITIVE', 'CASE_INSENSITIVE', 'NONE'),
  includeMetadata: list(fc.record({ column: anyPart, metadata: kind('METADATA$FILENAME') }), 1),
  validationMode: fc.oneof(
    fc.record({ mode: fc.constantFrom('RETURN_ERRORS', 'RETURN_ALL_ERRORS') }),
    fc.record({ mode: kind('RETURN_ROWS'), rows: fc.integer({ min: 1, max: 99 }) }),
  ),
}
const target = { kind: kind('copy-into-table'), table: anyName }
const columns = { columns: list(anyPart, 1) }
export const fromQuery = fc.record({ form: kind('query'), query: anyBody })
const anyItem: fc.Arbitrary<Body> = fc
  .oneof(
    fc.constantFrom(
      '$1',
      's.$2::int as "from"',
      '$1:a.limit::varchar',
      'case when $1 is distinct from 2 then 3 end',
      'METADATA$FILENAME',
    ),
    anyText.map((text) => `concat($1 /* , */, ${printLiteral(text)})`),
  )
  .map((text) => ({ text, place: { offset: 0, line: 1, column: 1 } }))
const stagedQuery = withOptional(
  { items: list(anyItem, 1), location: anyLocation },
  { fileFormat: anyName, pattern: anyText, alias: anyPart },
)
const fromStagedQuery: fc.Arbitrary<CopySource> = fc.record({ form: kind('query'), query: stagedQuery })
const isSaidOnce = ({ from, options }: CopyIntoTable): boolean =>
  from.form === 'stage' ||
  !(
    (from.query.fileFormat !== undefined && options.fileFormat !== undefined) ||
    (from.query.pattern !== undefined && options.pattern !== undefined)
  )
const fromStage = fc.record({ form: kind('stage'), location: anyLocation })
export const copyIntoTable: fc.Arbitrary<CopyIntoTable> = fc.oneof(
  withOptional({ ...target, from: fromStagedQuery, options: given(copy) }, columns).filter(isSaidOnce),
  withOptional({ ...target, from: fromStage, options: given(stageCopy) }, columns).filter(
    ({ options }) => options.includeMetadata === undefined || options.matchByColumnName !== undefined,
  ),
)
export const copyOfPipe: fc.Arbitrary<CopyIntoTable> = withOptional(
  { ...target, from: fc.oneof(fromStage, fromStagedQuery), options: given(pipeCopy) },
  columns,
).filter(isSaidOnce)
