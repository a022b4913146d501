-- Schema lake holds what Millrace keeps; logs what people read; public what they make.
create schema lake;
create schema logs;
create schema public;

-- One row for each version of an object that a load met. object_hash and version_hash are the first 64 bits of
-- SHA-256 over the URI, and over URI and version: a look-up among millions reads numbers, not text.
create table lake.objects (
  file_id integer not null,
  table_name varchar,
  uri varchar not null,
  version varchar not null,
  object_hash bigint not null,
  version_hash bigint not null,
  status enum ('loaded', 'partial', 'empty', 'failed', 'changed', 'replaced') not null,
  load_id bigint not null,
  lines bigint not null,
  rows bigint not null,
  rejects bigint not null,
  skipped bigint not null,
  bytes bigint not null,
  loaded_at timestamp not null,
  code varchar,
  error varchar,
  format varchar
);

-- Lines that could not be read. raw is cut at 65,536 bytes; raw_bytes is the length the line had.
create table lake.rejects (
  table_name varchar not null,
  file_id integer not null,
  line bigint not null,
  raw varchar not null,
  raw_bytes integer not null,
  reason varchar not null,
  load_id bigint not null
);

create view logs.load_history as
select table_name, uri as file, version, load_id, status::varchar as status, lines, rows, rejects, skipped, bytes, loaded_at, error
from lake.objects;

create view logs.load_rejects as
select r.table_name, o.uri as file, r.line, r.raw, r.reason, r.load_id
from lake.rejects r
join lake.objects o on o.file_id = r.file_id;
