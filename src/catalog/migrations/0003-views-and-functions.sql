-- The dialect that the text within a definition is written in: of a view's query, of a function's body.
alter table lake.pipeline_objects add column dialect varchar default 'snowflake';

-- Views and macros of the engine that were made from VIEWs and FUNCTIONs. error says why one could not be made; then it is not there.
create table lake.made_relations (
  kind varchar not null,
  database_name varchar not null,
  schema_name varchar not null,
  name varchar not null,
  engine_schema varchar not null,
  engine_name varchar not null,
  error varchar
);

-- What they were made from, as one hash: while it is the same, there is nothing to make.
create table lake.relations_made_from (fingerprint varchar not null);
