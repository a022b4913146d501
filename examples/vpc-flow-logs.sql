-- VPC Flow Logs, text or Parquet, fields in any order, into the built-in table: every bad line is kept as a reject.
-- Needs BUCKET, PREFIX and ROLE_ARN: the role that may read s3://BUCKET/PREFIX/.

create storage integration if not exists flow_reader
  type = external_stage
  storage_provider = s3
  enabled = true
  storage_aws_role_arn = '<ROLE_ARN>'
  storage_allowed_locations = ('s3://<BUCKET>/<PREFIX>/');

desc integration flow_reader;

create stage if not exists flow_logs
  url = 's3://<BUCKET>/<PREFIX>/'
  storage_integration = flow_reader;

-- What is in the bucket, and what comes.
create pipe if not exists flow_pipe
  auto_ingest = true
  start = 'ALL'
  as copy into logs.vpc_flow_logs from @flow_logs file_format = (type = vpc_flow_logs);

show pipes;

-- What is there already, now rather than when the pipe begins to run.
alter pipe flow_pipe refresh;

-- Who was refused most often.
select srcaddr, count(*) as rejected
  from vpc_flow_logs
  where action = 'REJECT'
  group by srcaddr
  order by rejected desc, srcaddr
  limit 10;
