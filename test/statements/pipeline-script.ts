/** The kinds of statements of the published pipelines, flow logs as Parquet and access logs as lines, with no placeholder left. */
export const pipelineScript = String.raw`
-- flow logs: Parquet, a pipe, a view over a VARIANT
create STORAGE INTEGRATION flow_int
  TYPE = EXTERNAL_STAGE
  STORAGE_PROVIDER = S3
  ENABLED = TRUE
  STORAGE_AWS_ROLE_ARN = 'arn:aws:iam::123456789012:role/reader'
  STORAGE_ALLOWED_LOCATIONS = ('s3://flow-logs/AWSLogs/');
DESC INTEGRATION flow_int;
create database flows;
create warehouse small_one with
  WAREHOUSE_SIZE = MEDIUM
  AUTO_SUSPEND = 300;
create stage flow_stage
  url = 's3://flow-logs/AWSLogs/'
  storage_integration = flow_int
;
list @flow_stage;
create table public.flow(
  record VARIANT
);
copy into public.flow from @flow_stage files=('2026/11/20/a.parquet') file_format = (type = parquet);
copy into public.flow
  from @flow_stage
  file_format = (type = parquet);
create pipe public.flow_pipe auto_ingest=true as
  copy into public.flow
  from @public.flow_stage
  file_format = (type = parquet)
;
show pipes;
alter pipe flow_pipe refresh;
select * from table(snowflake.information_schema.pipe_usage_history(
    date_range_start=>dateadd('day',-14,current_date()), pipe_name=>'public.flow_pipe'));
create view flow_view as
select
  record:srcaddr::varchar(128) as srcaddr, -- who
  record:end::TIMESTAMP as "END"
from public.flow;
CREATE OR REPLACE FUNCTION is_inside(ip varchar)
  RETURNS Boolean
  AS
  $$
    (parse_ip(ip,'INET',1):ipv4 between (167772160) AND (184549375))
  $$
;
(select srcaddr from flow_view where "START" > dateadd(day, -30, current_date()))
union all
(select srcaddr from flow_view where is_inside(srcaddr));

-- access logs: lines, a stream, a parser, a task
CREATE FILE FORMAT IF NOT EXISTS LINES
  TYPE = 'CSV'
  FIELD_DELIMITER = NONE
  SKIP_BLANK_LINES = TRUE
  ESCAPE_UNENCLOSED_FIELD = NONE;
create table access_staging(raw TEXT, timestamp DATETIME);
create stream access_stream on table access_staging;
copy into access_staging from (
  SELECT STG.$1, current_timestamp() as timestamp FROM @access (FILE_FORMAT => LINES) STG
);
create pipe public.access_pipe auto_ingest=true as
  copy into access_staging from (
    SELECT STG.$1, current_timestamp() as timestamp FROM @access (FILE_FORMAT => LINES) STG
  );
create or replace function parse_line(log STRING)
  returns table (bucketowner STRING, bytessent BIGINT, "key" STRING)
  language python
  runtime_version=3.8
  handler='LineParser'
as $$
import re
class LineParser:
    def process(self, log):
        pattern = '([^ ]*) \\[(.*?)\\] (?P<rest>\"[^\"]*\"|-)'
        for line in re.findall(pattern, log, re.M):
            yield line; pass
$$;
create or replace task parse_lines
  warehouse = small_one
  schedule = '10 minute'
  when
    system$stream_has_data('access_stream')
  as
    insert into access (select parsed.*
      from access_stream join table(parse_line(access_stream.raw)) parsed
      where access_stream.metadata$action = 'INSERT'
    );
alter task parse_lines resume;
select count(*), remoteip from access group by remoteip order by count(*) desc;
`
