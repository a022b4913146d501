-- Events of [read_from_ms, settled_ms) were asked for when they were hours old. Those of a lake from before are asked for once more.
alter table lake.log_groups add column settled_ms bigint;

update lake.log_groups set settled_ms = greatest(start_ms, read_to_ms - 43200000);
