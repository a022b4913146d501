-- S3 server access logs by way of a staging table: raw lines, a stream of what is new, a function that parses, a task that moves rows on.
-- For lines that you want to parse yourself; s3-access-logs.sql is shorter, quicker, and keeps the lines that do not fit.
-- Needs BUCKET, PREFIX and ROLE_ARN: the role that may read s3://BUCKET/PREFIX/.

create storage integration if not exists access_reader
  type = external_stage
  storage_provider = s3
  enabled = true
  storage_aws_role_arn = '<ROLE_ARN>'
  storage_allowed_locations = ('s3://<BUCKET>/<PREFIX>/');

desc integration access_reader;

create file format if not exists whole_lines
  type = csv
  field_delimiter = none
  escape_unenclosed_field = none
  skip_blank_lines = true;

create stage if not exists access_logs
  url = 's3://<BUCKET>/<PREFIX>/'
  storage_integration = access_reader;

create table if not exists access_lines (line text, file text, staged_at timestamp_ntz);

create stream if not exists new_lines on table access_lines append_only = true;

create pipe if not exists line_pipe
  auto_ingest = true
  start = 'ALL'
  as copy into access_lines
    from (select t.$1, metadata$filename, metadata$start_scan_time from @access_logs (file_format => whole_lines) t);

create or replace function parse_access_line(line text)
  returns table (
    bucket text, at text, remoteip text, requester text, operation text, object_key text, status number, sent number)
  language javascript
as $$
{
  initialize: function () {
    this.pattern = /^\S+ (\S+) \[([^\]]+)\] (\S+) (.+?) \S+ ([A-Z0-9]+\.[\w.]+) (\S+) "(?:.*?)" (\d{3}|-) \S+ (\d+|-) /
  },
  processRow: function (row, rowWriter) {
    var found = this.pattern.exec(row.LINE)
    if (found === null) return
    var value = function (text) { return text === '-' ? null : text }
    rowWriter.writeRow({
      BUCKET: value(found[1]), AT: found[2], REMOTEIP: value(found[3]), REQUESTER: value(found[4]),
      OPERATION: found[5], OBJECT_KEY: value(found[6]),
      STATUS: found[7] === '-' ? null : Number(found[7]), SENT: found[8] === '-' ? null : Number(found[8])
    })
  }
}
$$;

create table if not exists accesses (
  bucket text, at text, remoteip text, requester text, operation text, object_key text, status number, sent number);

create or replace task parse_lines
  schedule = '1 minute'
  when system$stream_has_data('new_lines')
  as insert into accesses
    select p.* from new_lines join table(parse_access_line(new_lines.line)) p;

-- Staged lines that every stream has read, and that are a day old, make room for others.
create or replace task forget_lines
  schedule = '1 hour'
  as delete from access_lines where not metadata$unread and staged_at < dateadd(day, -1, current_timestamp());

alter task parse_lines resume;
alter task forget_lines resume;

alter pipe line_pipe refresh;
execute task parse_lines;

select remoteip, count(*) as requests
  from accesses
  group by remoteip
  order by requests desc, remoteip
  limit 10;
