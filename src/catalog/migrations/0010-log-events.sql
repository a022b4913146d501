-- Events of CloudWatch Logs whose lines are in a table, for as long as they may come again: by the API, in files or by Firehose. id_hash is the
-- first 64 bits of SHA-256 over the event's id; an event is told by group, time and id together, so that a look-up reads a range of times.
create table lake.log_events (
  table_name varchar not null,
  log_group varchar not null,
  event_ms bigint not null,
  id_hash bigint not null,
  file_id integer not null
);

-- How far log groups have been read by the API. Every event of [read_from_ms, read_to_ms) is in the table; earlier ones are read back to start_ms.
create table lake.log_groups (
  table_name varchar not null,
  source varchar not null,
  log_group varchar not null,
  start_ms bigint not null,
  read_from_ms bigint not null,
  read_to_ms bigint not null,
  primary key (table_name, source)
);

-- What opens a pipe's address for Firehose: the SHA-256 of its key in hexadecimal. The key itself is kept nowhere.
create table lake.access_keys (
  pipe varchar primary key,
  key_hash varchar not null,
  created_at timestamp not null
);
