-- Inputs that table functions of a task's runs gave no row for, since the task was made: lines that were passed over.
alter table lake.tasks add column inputs_without_rows bigint default 0;

create or replace view logs.tasks as
select
  o.name, o.database_name, o.schema_name, t.task_id as id, case when t.is_resumed then 'started' else 'suspended' end as state,
  o.definition, o.comment, o.created_at, t.resumed_at as last_committed_on, t.suspended_at as last_suspended_on,
  t.suspended_reason as last_suspended_reason, t.failures as consecutive_failures, t.runs, t.failed_runs, coalesce(t.inputs_without_rows, 0) as inputs_without_rows,
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
