import { existsSync, readFileSync } from 'node:fs'
import { resolve } from 'node:path'
import type { Dialect } from '../../src/sql/dialects.ts'

/** What makes a pipeline of access logs. Names in angle brackets are to be filled in. */
export interface AccessScript {
  readonly text: string
  readonly dialect: Dialect
}

const published = resolve('../shared/quickstarts/s3-access-snowflake.sql')
const parser = readFileSync(new URL('../cages/parse-s3-access-logs.sql', import.meta.url), 'utf8')

const names = [
  ...['bucketowner', 'bucket_name', 'requestdatetime', 'remoteip', 'requester', 'requestid', 'operation', 'key'],
  ...['request_uri', 'httpstatus', 'errorcode', 'bytessent', 'objectsize', 'totaltime', 'turnaroundtime', 'referrer'],
  ...['useragent', 'versionid', 'hostid', 'sigv', 'ciphersuite', 'authtype', 'endpoint', 'tlsversion'],
]

function typeOf(name: string): string {
  return name === 'bytessent' || name === 'objectsize' ? 'bigint' : 'varchar'
}

/** Of the same form as the published pipeline, with the same names. */
const begin = `
create stage s3_access_logs url = 's3://<BUCKET_NAME>/<PREFIX>/';
create file format lines type = 'csv' field_delimiter = none skip_blank_lines = true escape_unenclosed_field = none;
create table s3_access_logs_staging (raw varchar, timestamp timestamp);
create stream s3_access_logs_stream on table s3_access_logs_staging;
create pipe s3_access_logs_pipe auto_ingest = true as
  copy into s3_access_logs_staging from (select t.$1, current_timestamp() from @s3_access_logs (file_format => lines) t);
create table s3_access_logs (${names.map((name) => `${name} ${typeOf(name)}`).join(', ')});
`

function taskOf(body: string): string {
  return `
create task s3_access_logs_transformation schedule = '10 minute' when system$stream_has_data('s3_access_logs_stream') as ${body};
alter task s3_access_logs_transformation resume;`
}

const called = `insert into s3_access_logs (
  select parsed.* from s3_access_logs_stream s join table(parse_s3_access_logs(s.raw)) parsed where s.metadata$action = 'INSERT')`

const pattern = String.raw`([^ ]*) ([^ ]*) \[(.*?)\] ([^ ]*) ([^ ]*) ([^ ]*) ([^ ]*) ([^ ]*) ("[^"]*"|-) (-|[0-9]*) ([^ ]*) ([^ ]*) ([^ ]*) ([^ ]*) ([^ ]*) ([^ ]*) ("[^"]*"|-) ([^ ]*)(?: ([^ ]*) ([^ ]*) ([^ ]*) ([^ ]*) ([^ ]*) ([^ ]*))?.*$`
const fields = names.map((name) => `cast(nullif(trim(f.${name}, ' "'), '-') as ${typeOf(name)})`)
const plain = `insert into s3_access_logs select ${fields.join(', ')} from (
  select regexp_extract(raw, '${pattern}', [${names.map((name) => `'${name}'`).join(', ')}]) as f
  from s3_access_logs_stream where "METADATA$ACTION" = 'INSERT' and regexp_matches(raw, '${pattern}'))`

/** With a parser in Python: as it is published, where that is here. */
export const pythonScript: AccessScript = {
  text: existsSync(published)
    ? readFileSync(published, 'utf8').split('-- Investigate', 1).join('')
    : `${begin}${parser}${taskOf(called)}`,
  dialect: 'snowflake',
}

/** With the same pattern in SQL: neither Python nor a translation takes seconds to start. */
export const plainScript: AccessScript = { text: `${begin}${taskOf(plain)}`, dialect: 'duckdb' }
