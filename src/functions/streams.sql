-- SYSTEM$STREAM_HAS_DATA: whether a stream may have something that it has not been read for. Two rows are looked at, however large its table is.
create or replace macro logs.stream_has_data(stream) as (
  select case
    when count(*) = 0 then error('STREAM ' || stream || ' does not exist; SHOW STREAMS lists what there is.' || repeat(' ', count(*)))
    when bool_or(stale) then error('STREAM ' || stream || ' is stale: ' || max(stale_reason) || '. Make it anew with CREATE OR REPLACE STREAM.')
    else bool_or(has_data)
  end
  from logs.streams
  where logs.is_named(database_name || '.' || schema_name || '.' || name, stream)
);
