-- Schema changes holds rows as they were before an UPDATE or DELETE, for as long as a stream may tell of them: a table for each table of a script.
create schema changes;

-- Rows of scripts' tables keep their _row_id when they are updated or moved.
create sequence if not exists lake.row_ids;

-- The last commits that wrote into a table: inserted_by brought rows, changed_by updated or deleted some. Nothing is removed here, so ids never fall.
create table lake.table_changes (
  table_name varchar primary key,
  inserted_by bigint not null,
  changed_by bigint not null
);

-- How far a stream has been read: all commits up to position. With initial_to it begins with the rows that were there up to that commit.
create table lake.streams (
  database_name varchar not null,
  schema_name varchar not null,
  name varchar not null,
  table_name varchar not null,
  is_append_only boolean not null,
  position bigint not null,
  initial_to bigint,
  stale_reason varchar,
  primary key (database_name, schema_name, name)
);

create view logs.streams as
select
  s.name, s.database_name, s.schema_name, s.table_name, case when s.is_append_only then 'APPEND_ONLY' else 'DEFAULT' end as mode,
  s.stale_reason is not null as stale, s.stale_reason,
  s.stale_reason is null and (s.initial_to is not null or coalesce(c.inserted_by > s.position or (c.changed_by > s.position and not s.is_append_only), false)) as has_data,
  s.position as read_to_load_id, o.comment, o.created_at
from lake.streams s
join lake.pipeline_objects o
  on o.kind = 'STREAM' and o.database_name = s.database_name and o.schema_name = s.schema_name and o.name = s.name
left join lake.table_changes c on c.table_name = s.table_name;
