-- VPC Flow Logs in Parquet into one VARIANT column: new fields are there as soon as a file brings them.
-- Needs BUCKET, PREFIX and ROLE_ARN: the role that may read s3://BUCKET/PREFIX/.

create database if not exists network;

create storage integration if not exists flow_reader
  type = external_stage
  storage_provider = s3
  enabled = true
  storage_aws_role_arn = '<ROLE_ARN>'
  storage_allowed_locations = ('s3://<BUCKET>/<PREFIX>/');

create file format if not exists network.public.flow_parquet type = parquet;

create stage if not exists network.public.flow_logs
  url = 's3://<BUCKET>/<PREFIX>/'
  storage_integration = flow_reader
  file_format = network.public.flow_parquet;

create table if not exists network.public.flow (record variant);

-- What is there; what comes is the pipe's.
copy into network.public.flow from @network.public.flow_logs;

create pipe if not exists network.public.flow_pipe
  auto_ingest = true
  as copy into network.public.flow from @network.public.flow_logs;

-- The view asks for fields that only newer flow logs have: NULL until a file brings them.
create or replace view network.public.flow_view as
select
  record:srcaddr::varchar as srcaddr,
  record:dstaddr::varchar as dstaddr,
  record:dstport::integer as dstport,
  record:action::varchar as action,
  record:bytes::integer as bytes,
  record:start::timestamp as started_at,
  record:flow_direction::varchar as flow_direction
from network.public.flow;

-- Which ports carry most.
select dstport, sum(bytes) as total_bytes
  from network.public.flow_view
  where action = 'ACCEPT'
  group by dstport
  order by total_bytes desc, dstport
  limit 10;
