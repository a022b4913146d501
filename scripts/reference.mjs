// Writes docs/REFERENCE.md from the log types, docs/QUERIES.md from the named queries and docs/API.md from the API's description and docs/METRICS.md from the metrics: `npm run reference`. A test holds the pages against them.
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
    '## Pipes: `pipes`',
    'One row for each pipe: `name`, `database_name`, `schema_name`, `definition`, `notification_channel` (the ARN of its queue), `comment`, `created_at`, `is_paused`, `start_at` (objects modified earlier are left to REFRESH), `listed_at` (when all of the stage was listed last), `files`, `rows` and `failed_files` of its loads, `parked_objects`, `last_loaded_at`. How a pipe is doing now is told by `millrace pipes` and `SYSTEM$PIPE_STATUS`.',
    '## What pipes gave up: `parked_objects`',
    'One row for each object that a pipe could not load and tries no more until it is told to (`millrace pipes retry`, `ALTER PIPE … REFRESH`), and for each message that could not be read: `pipe`, `file`, `version`, `bytes`, `code`, `reason`, `body` (the first 65,536 characters of a message that names no object), `parked_at`.',
    '',
  ].join('\n\n')
}

export function queriesPage(queries, logTypes) {
  const groups = [
    ...logTypes.map(({ title, table }) => ({
      title,
      queries: queries.filter((query) => query.logTypes.length === 1 && query.logTypes[0] === table),
    })),
    { title: 'Several logs together', queries: queries.filter((query) => query.logTypes.length > 1) },
  ].filter((group) => group.queries.length > 0)
  const parameter = ({ name, default: value }) => `\`${name}${value === undefined ? '' : `=${value}`}\``
  const row = (query) =>
    `| \`${query.name}\` | ${cell(query.question)} | ${query.parameters.map(parameter).join(' ')} | ${cell(query.counts ?? '')} |`
  return [
    '# Named queries',
    'Generated from `src/queries/` by `npm run reference`. Ask one with `millrace query --name NAME --param from=-7d`. Times are UTC: `2026-11-20`, `2026-11-20 12:00:00`, `now`, or a span before now such as `-30d`.',
    ...groups.map(
      (group) =>
        `## ${group.title}\n\n| name | question | parameters | what is counted |\n|---|---|---|---|\n${group.queries.map(row).join('\n')}`,
    ),
    '',
  ].join('\n\n')
}

export function apiPage(operations) {
  const row = ({ method, path, summary, description = '', lines }) =>
    `| \`${method.toUpperCase()} /v1${path}\` | ${cell([`${summary}.`, description].join(' ').trim())} | ${lines === undefined ? '' : 'lines'} |`
  return [
    '# HTTP API',
    'Generated from `src/server/openapi/` by `npm run reference`. A running server describes it with every shape at `/v1/openapi.json` (OpenAPI 3.1). The page and the command line use nothing else.',
    '```\ntoken=$(node -p \'JSON.parse(fs.readFileSync("millrace-lake/server.json")).token\')\ncurl -N -H "authorization: Bearer $token" -H "content-type: application/json" http://127.0.0.1:8484/v1/query \\\n  -d \'{"sql": "select srcaddr, sum(bytes) as bytes from vpc_flow_logs group by all order by bytes desc limit 10"}\'\n```',
    `| request | does | answers |\n|---|---|---|\n${operations.map(row).join('\n')}`,
    [
      "- **Token**: `server.json` in the lake names the address and the token; only the lake's owner can read it. Requests must name the server as their host.",
      '- **Lines** come as they are made, one JSON value each (`application/x-ndjson`). The server makes no more than the client takes, and what runs ends when the client disconnects.',
      '- **Pages**: `limit` (100 unless said otherwise) and the header `Link: <…>; rel="next"`. A page begins behind the last entry of the one before, so loads in between shift nothing.',
      '- **Numbers** beyond 2^53 are written in full: read them with a parser that keeps them. Times are UTC text.',
      '- **Failures** are `{"error": {"code", "message"}}` with a fitting status; `line` and `column` say where in the statement.',
    ].join('\n'),
    '',
  ].join('\n\n')
}

export function metricsPage(metrics) {
  const row = ({ name, type, labels, help }) =>
    `| \`${name}\` | ${type} | ${labels.map((label) => `\`${label}\``).join(' ')} | ${cell(help)} |`
  return [
    '# Metrics',
    'Generated from `src/server/metrics.ts` by `npm run reference`. A running server shows them at `/metrics` in the format of Prometheus, open to this machine without the token, and those of its process besides (`process_…`, `nodejs_…`). Figures of the lake are read from it each time, so they outlive the server.',
    `| name | type | labels | |\n|---|---|---|---|\n${metrics.map(row).join('\n')}`,
    'A pipe is behind when `millrace_pipe_lag_seconds` grows; it stands still when `millrace_pipe_running` is 0; something must be looked at when `millrace_pipe_parked_files` or `millrace_files_failed` is above 0. How old the newest data is: `time() - millrace_pipe_newest_event_timestamp_seconds`.',
    '',
  ].join('\n\n')
}

if (import.meta.url === pathToFileURL(process.argv[1] ?? '').href) {
  const { logTypes } = await import('../dist/log-type/registry.js')
  const { namedQueries } = await import('../dist/named-queries/registry.js')
  writeFileSync('docs/REFERENCE.md', referencePage(logTypes))
  const { operations } = await import('../dist/server/openapi/operations.js')
  writeFileSync('docs/QUERIES.md', queriesPage(namedQueries(), logTypes))
  writeFileSync('docs/API.md', apiPage(operations))
  const { metricDocs } = await import('../dist/server/metrics.js')
  writeFileSync('docs/METRICS.md', metricsPage(metricDocs))
}
