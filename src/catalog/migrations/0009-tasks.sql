-- What is known of a task beside its definition. Intervals count from resumed_at; failures are those since the last success, failed_runs all of them.
create table lake.tasks (
  database_name varchar not null,
  schema_name varchar not null,
  name varchar not null,
  task_id varchar not null,
  is_resumed boolean not null,
  resumed_at timestamp,
  suspended_at timestamp,
  suspended_reason varchar,
  failures integer not null,
  runs bigint not null default 0,
  failed_runs bigint not null default 0,
  succeeded_at timestamp,
  primary key (database_name, schema_name, name)
);

-- Runs of tasks in the last seven days. A run that does something is a row from its beginning on; runs whose condition did not hold are one row for
-- all of them that came one after the other, written with the next run that does something.
create table lake.task_runs (
  query_id varchar not null,
  task varchar not null,
  database_name varchar not null,
  schema_name varchar not null,
  name varchar not null,
  query_text varchar not null,
  condition_text varchar,
  state varchar not null,
  error_code varchar,
  error_message varchar,
  scheduled_at timestamp not null,
  started_at timestamp,
  completed_at timestamp,
  root_task_id varchar not null,
  run_id bigint not null,
  graph_run_group_id bigint not null,
  scheduled_from varchar not null,
  attempt_number integer not null,
  config varchar,
  rows_inserted bigint not null,
  rows_updated bigint not null,
  rows_deleted bigint not null,
  notices varchar[] not null,
  skipped_runs bigint not null
);

create view logs.task_history as
select
  query_id, name, database_name, schema_name, query_text, condition_text, state, error_code, error_message, scheduled_at as scheduled_time,
  started_at as query_start_time, null::timestamp as next_scheduled_time, completed_at as completed_time, root_task_id,
  null::bigint as graph_version, run_id, null::varchar as return_value, scheduled_from, attempt_number, config, null::varchar as query_hash,
  null::bigint as query_hash_version, null::varchar as query_parameterized_hash, null::bigint as query_parameterized_hash_version,
  graph_run_group_id, null::varchar as backfill_info, null::varchar as spcs_job_id,
  rows_inserted, rows_updated, rows_deleted, notices, skipped_runs
from lake.task_runs;

create view logs.tasks as
select
  o.name, o.database_name, o.schema_name, t.task_id as id, case when t.is_resumed then 'started' else 'suspended' end as state,
  o.definition, o.comment, o.created_at, t.resumed_at as last_committed_on, t.suspended_at as last_suspended_on,
  t.suspended_reason as last_suspended_reason, t.failures as consecutive_failures, t.runs, t.failed_runs,
  coalesce(r.skipped_runs, 0) as skipped_runs, r.last_skipped_at, r.last_run.state as last_state, r.last_run.started_at as last_started_at,
  r.last_run.completed_at as last_completed_at, r.last_run.error_message as last_error, t.succeeded_at as last_success_at
from lake.pipeline_objects o
join lake.tasks t on t.database_name = o.database_name and t.schema_name = o.schema_name and t.name = o.name
left join (
  select task, sum(skipped_runs)::bigint as skipped_runs, max(completed_at) filter (state = 'SKIPPED') as last_skipped_at,
    arg_max({state: state, started_at: started_at, completed_at: completed_at, error_message: error_message}, started_at) filter (state <> 'SKIPPED') as last_run
  from lake.task_runs group by task
) r on r.task = o.database_name || '.' || o.schema_name || '.' || o.name
where o.kind = 'TASK';
