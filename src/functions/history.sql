-- Snowflake's history functions, over load history. Times are in UTC; credits and billed bytes are nothing here.

-- Whether a name as a statement gives it (`public.p`, `P`) is one of database.schema.name.
create or replace macro logs.is_named(full_name, given) as
  ends_with('.' || full_name, '.' || case when contains(given, '"') then replace(given, '"', '') else upper(given) end);

-- PIPE_USAGE_HISTORY: what pipes loaded, by 5 minutes, hours or days, as the range is long. The end is not part of it.
create or replace macro logs.pipe_usage_history(date_range_start := null, date_range_end := null, pipe_name := null) as table
  with span as (
    select
      coalesce(date_range_end::timestamp, current_date::timestamp) as range_end,
      coalesce(date_range_start::timestamp, coalesce(date_range_end::timestamp, current_date::timestamp) - interval 10 minutes) as range_start
  ),
  step as (
    select *, case
      when range_end - range_start <= interval 4 hours then interval 5 minutes
      when range_end - range_start <= interval 7 days then interval 1 hour
      else interval 1 day end as width
    from span
  )
  select
    time_bucket(s.width, o.loaded_at) as start_time,
    time_bucket(s.width, o.loaded_at) + s.width as end_time,
    o.pipe as pipe_name,
    0::double as credits_used,
    sum(o.bytes)::bigint as bytes_inserted,
    count(*) as files_inserted,
    0::bigint as bytes_billed
  from lake.objects o, step s
  where o.pipe is not null and o.status in ('loaded', 'partial', 'empty', 'replaced')
    and o.loaded_at >= s.range_start and o.loaded_at < s.range_end
    and (pipe_name is null or logs.is_named(o.pipe, pipe_name))
  group by all
  order by 1, 3;

-- COPY_HISTORY: what became of each file, by COPY and by pipes.
create or replace macro logs.copy_history(table_name := null, start_time := null, end_time := null, pipe_name := null) as table
  select
    o.uri as file_name,
    regexp_extract(o.uri, '^(.*/)[^/]*$', 1) as stage_location,
    o.loaded_at as last_load_time,
    o.rows as row_count,
    o.rows + o.rejects as row_parsed,
    o.bytes as file_size,
    coalesce(r.reason, o.error) as first_error_message,
    r.line as first_error_line_number,
    null::bigint as first_error_character_pos,
    nullif(regexp_extract(r.reason, '^\w+ (\w+):', 1), '') as first_error_column_name,
    o.rejects as error_count,
    null::bigint as error_limit,
    case
      when o.status in ('failed') then 'Load failed'
      when o.status = 'changed' then 'Load skipped'
      when o.rejects > 0 then 'Partially loaded'
      else 'Loaded'
    end as status,
    upper(t.database_name) as table_catalog_name,
    upper(t.schema_name) as table_schema_name,
    upper(t.name) as table_name,
    split_part(o.pipe, '.', 1) as pipe_catalog_name,
    split_part(o.pipe, '.', 2) as pipe_schema_name,
    split_part(o.pipe, '.', 3) as pipe_name,
    null::timestamp as pipe_received_time,
    0::bigint as bytes_billed
  from lake.objects o
  left join (
    select file_id, min(line) as line, arg_min(reason, line) as reason from lake.rejects group by file_id
  ) r on r.file_id = o.file_id
  cross join lateral (
    select
      case when contains(o.table_name, '.') and not starts_with(o.table_name, 'public.') then split_part(o.table_name, '.', 1) else 'MILLRACE' end as database_name,
      case when not contains(o.table_name, '.') then 'LOGS' when starts_with(o.table_name, 'public.') then 'PUBLIC' else split_part(o.table_name, '.', 2) end as schema_name,
      split_part(o.table_name, '.', -1) as name
  ) t
  where (table_name is null or logs.is_named(upper(t.database_name || '.' || t.schema_name || '.' || t.name), table_name))
    and (start_time is null or o.loaded_at >= start_time::timestamp)
    and (end_time is null or o.loaded_at < end_time::timestamp)
    and (pipe_name is null or logs.is_named(o.pipe, pipe_name))
  order by 3, 1;

-- TASK_HISTORY: runs of tasks, the latest first. Runs that had nothing to do are one row for all of them that came one after the other.
create or replace macro logs.task_history(
  scheduled_time_range_start := null, scheduled_time_range_end := null, result_limit := 100, task_name := null, error_only := false
) as table
  select h.* exclude (rows_inserted, rows_updated, rows_deleted, notices, skipped_runs)
  from logs.task_history h
  where (scheduled_time_range_start is null or h.scheduled_time >= scheduled_time_range_start::timestamp)
    and (scheduled_time_range_end is null or h.scheduled_time <= scheduled_time_range_end::timestamp)
    and (task_name is null or logs.is_named(h.database_name || '.' || h.schema_name || '.' || h.name, task_name))
    and (not error_only or h.state in ('FAILED', 'FAILED_AND_AUTO_SUSPENDED', 'CANCELLED'))
    and (result_limit between 1 and 10000 or error('TASK_HISTORY: RESULT_LIMIT is from 1 to 10000'))
  qualify row_number() over (order by h.scheduled_time desc, h.run_id desc) <= result_limit
  order by h.scheduled_time desc, h.run_id desc;
