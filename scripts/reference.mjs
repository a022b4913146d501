// Writes docs/REFERENCE.md from the log types and the SQL functions: `npm run reference`. A test holds the page against them.
import { writeFileSync } from 'node:fs'
import { pathToFileURL } from 'node:url'

const sqlTypes = {
  text: 'VARCHAR',
  tag: 'VARCHAR',
  address: 'VARCHAR',
  enum: 'VARCHAR',
  uri: 'VARCHAR',
  integer: 'INTEGER',
  bigint: 'BIGINT',
  epoch: 'TIMESTAMP',
  'clf-time': 'TIMESTAMP',
}
const cell = (text) => text.replaceAll('|', '\\|').replaceAll('\n', ' ')

function section(type) {
  const since = type.columns.some((column) => column.since !== undefined)
  const head = since ? '| column | type | version | |\n|---|---|---|---|' : '| column | type | |\n|---|---|---|'
  const row = (name, sqlType, version, doc) =>
    `| \`${name}\` | ${sqlType} | ${since ? `${version} | ` : ''}${cell(doc)} |`
  return [
    `## ${type.title}: \`${type.table}\``,
    `\`--type ${type.name}\`. ${type.doc}`,
    '```\n' + type.example + '\n```',
    [
      head,
      ...type.columns.map((column) => row(column.name, sqlTypes[column.kind], column.since ?? '', column.doc)),
      row(
        'extra',
        'MAP(VARCHAR, VARCHAR)',
        '',
        'Fields that the type does not know, by the name in the header or as `field_N`. NULL when there are none.',
      ),
      row(
        'path_account_id',
        'VARCHAR',
        '',
        'Account in the path of the object, which owns the log; it may differ from that of the record. NULL when the path names none.',
      ),
      row('path_region', 'VARCHAR', '', 'Region in the path of the object. NULL when the path names none.'),
      ...(type.derived ?? []).map((column) => row(column.name, 'VARCHAR', '', column.doc)),
    ].join('\n'),
    ...(type.views ?? []).map((view) => `View \`${view.name}\`: ${view.doc}`),
  ].join('\n\n')
}

export function referencePage(logTypes) {
  return [
    '# Tables',
    'Generated from `src/log-types/` by `npm run reference`. Every table is a view in schema `logs`; names without a schema are found in `public` first, then in `logs`. Times are UTC, and `-` in a log is NULL.',
    ...logTypes.map(section),
    '## Load history: `load_history`',
    'One row for each version of a file that a load met: `table_name`, `file`, `version`, `load_id`, `status` (`loaded`, `partial` with rejects, `empty`, `failed`, `changed` and held, `replaced` by a newer version), `lines`, `rows`, `rejects`, `skipped` (headers and blank lines), `bytes` as stored, `loaded_at`, `error`. For every file, lines = rows + rejects + skipped.',
    '## Rejected lines: `load_rejects`',
    'One row for each line that could not be read: `table_name`, `file`, `line`, `raw` (its first 65,536 bytes, secrets redacted), `reason` (`CODE column: sentence`, see [PARSING.md](PARSING.md)), `load_id`.',
    '',
  ].join('\n\n')
}

if (import.meta.url === pathToFileURL(process.argv[1] ?? '').href) {
  const { logTypes } = await import('../dist/log-type/registry.js')
  writeFileSync('docs/REFERENCE.md', referencePage(logTypes))
}
