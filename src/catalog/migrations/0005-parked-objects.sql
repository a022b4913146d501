-- What pipes have given up until they are told to try again.
create view logs.parked_objects as
select pipe, uri as file, version, bytes, code, reason, body, parked_at from lake.parked_objects;
