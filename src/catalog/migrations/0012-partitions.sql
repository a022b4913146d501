-- Partitions of external tables: the values of the columns that a table is partitioned by, in their order, and where the files lie.
create table lake.partitions (
  table_name varchar not null,
  name varchar not null,
  partition_values varchar[] not null,
  location varchar not null,
  added_at timestamp not null,
  primary key (table_name, name)
);

create view logs.partitions as
select table_name, name as partition, location, added_at from lake.partitions;
