/*---
title: "S3 access quickstart: six questions"
dialect: snowflake
---*/
-- Over s3_access_logs, the table that the quickstart's task fills. Lines that its pattern cannot
-- read are not in it: "S3 access logs: six questions" asks the same of every line.
-- Put the cursor into a statement and run it.

-- 1. Who deleted an object? Fill in its key.
select requestdatetime, remoteip, requester, key
from s3_access_logs
where key = 'path/to/object' and operation like '%DELETE%';

-- 2. Who asks most often?
select count(*), remoteip
from s3_access_logs
group by remoteip
order by count(*) desc;

-- 3. Who moves most? As published: it takes what S3 sent for uploads, and sizes for downloads.
select
  remoteip,
  sum(bytessent) as uploadtotal,
  sum(objectsize) as downloadtotal,
  sum(zeroifnull(bytessent) + zeroifnull(objectsize)) as total
from s3_access_logs
group by remoteip
order by total desc;

-- 4. What was denied? Statuses are text in this table.
select *
from s3_access_logs
where httpstatus = '403';

-- 5. What did a user do? Fill in the ARN.
select *
from s3_access_logs
where requester = 'arn:aws:iam::123456789123:user/user_name';

-- 6. Who asked without a login?
select *
from s3_access_logs
where requester is null;
