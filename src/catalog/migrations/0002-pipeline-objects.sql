-- Objects that statements make: one row each. definition is the statement that makes it, in canonical SQL; properties is
-- what it says as JSON, for those who read the table. Names are folded. What belongs to no database or schema has '' there.
create table lake.pipeline_objects (
  kind varchar not null,
  database_name varchar not null,
  schema_name varchar not null,
  name varchar not null,
  definition varchar not null,
  properties json not null,
  comment varchar,
  created_at timestamp not null,
  primary key (kind, database_name, schema_name, name)
);

-- The database that schema public belongs to.
insert into lake.pipeline_objects values
  ('DATABASE', '', '', 'MILLRACE', 'CREATE DATABASE MILLRACE', '{}', null, current_localtimestamp()),
  ('SCHEMA', 'MILLRACE', '', 'PUBLIC', 'CREATE SCHEMA PUBLIC', '{}', null, current_localtimestamp());
