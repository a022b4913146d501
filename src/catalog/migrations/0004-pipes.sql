-- What is known of a pipe beside its definition. Objects modified before start_at are not looked for; NULL there means all of them.
create table lake.pipes (
  database_name varchar not null,
  schema_name varchar not null,
  name varchar not null,
  is_paused boolean not null,
  queue_url varchar,
  queue_arn varchar,
  start_at timestamp,
  listed_at timestamp,
  primary key (database_name, schema_name, name)
);

-- What a pipe has given up until it is told to try again: an object, or a message that names none (its text is in body).
create table lake.parked_objects (
  pipe varchar not null,
  uri varchar,
  version varchar,
  bytes bigint,
  code varchar not null,
  reason varchar not null,
  body varchar,
  parked_at timestamp not null
);

-- Objects that programs have asked a pipe for, until it is known what became of them.
create table lake.requested_objects (
  pipe varchar not null,
  request_id varchar not null,
  uri varchar not null,
  requested_at timestamp not null
);

-- Which pipe loaded an object; NULL for loads that people start.
alter table lake.objects add column pipe varchar;

create view logs.pipes as
select
  o.name, o.database_name, o.schema_name, o.definition, p.queue_arn as notification_channel, o.comment, o.created_at,
  p.is_paused, p.start_at, p.listed_at,
  coalesce(l.files, 0) as files, coalesce(l.rows, 0) as rows, coalesce(l.failed, 0) as failed_files,
  coalesce(k.parked, 0) as parked_objects, l.last_loaded_at
from lake.pipeline_objects o
join lake.pipes p on p.database_name = o.database_name and p.schema_name = o.schema_name and p.name = o.name
left join (
  select pipe, count(*) filter (status in ('loaded', 'partial', 'empty')) as files, sum(rows)::bigint as rows,
    count(*) filter (status = 'failed') as failed,
    max(loaded_at) filter (status in ('loaded', 'partial', 'empty')) as last_loaded_at
  from lake.objects where pipe is not null group by pipe
) l on l.pipe = o.database_name || '.' || o.schema_name || '.' || o.name
left join (select pipe, count(*) as parked from lake.parked_objects group by pipe) k
  on k.pipe = o.database_name || '.' || o.schema_name || '.' || o.name
where o.kind = 'PIPE';
