-- S3 server access logs into the built-in table: every line is a row, or a reject with its reason. The short way.
-- Needs BUCKET, PREFIX and ROLE_ARN: the role that may read s3://BUCKET/PREFIX/.

create storage integration if not exists access_reader
  type = external_stage
  storage_provider = s3
  enabled = true
  storage_aws_role_arn = '<ROLE_ARN>'
  storage_allowed_locations = ('s3://<BUCKET>/<PREFIX>/');

desc integration access_reader;

create stage if not exists access_logs
  url = 's3://<BUCKET>/<PREFIX>/'
  storage_integration = access_reader;

-- What is in the bucket, and what comes.
create pipe if not exists access_pipe
  auto_ingest = true
  start = 'ALL'
  as copy into logs.s3_access_logs from @access_logs file_format = (type = s3_access_logs);

-- What is there already, now rather than when the pipe begins to run.
alter pipe access_pipe refresh;

-- Who deleted which object. Keys stand as they are logged, which is encoded, and decoded in object_key.
select requestdatetime, remoteip, requester, object_key
  from s3_access_logs
  where object_key = 'path/to/object' and operation like '%.DELETE.OBJECT'
  order by requestdatetime desc;

-- Requests by address.
select remoteip, count(*) as requests
  from s3_access_logs
  group by remoteip
  order by requests desc, remoteip
  limit 10;

-- Traffic by address: S3 sends bytessent, and an object that is written is objectsize long.
select
    remoteip,
    sum(case when operation = 'REST.GET.OBJECT' then bytessent end) as downloaded,
    sum(case when operation in ('REST.PUT.OBJECT', 'REST.PUT.PART') then objectsize end) as uploaded,
    zeroifnull(downloaded) + zeroifnull(uploaded) as total
  from s3_access_logs
  group by remoteip
  order by total desc, remoteip
  limit 10;

-- What was denied.
select requestdatetime, remoteip, requester, operation, object_key, errorcode
  from s3_access_logs
  where httpstatus = 403
  order by requestdatetime desc
  limit 100;

-- What one user did.
select requestdatetime, remoteip, operation, object_key, httpstatus
  from s3_access_logs
  where requester = 'arn:aws:iam::123456789123:user/user_name'
  order by requestdatetime desc
  limit 100;

-- Requests without a login.
select requestdatetime, remoteip, operation, object_key, httpstatus
  from s3_access_logs
  where requester is null
  order by requestdatetime desc
  limit 100;
