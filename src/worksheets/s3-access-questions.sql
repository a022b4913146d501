/*---
title: "S3 access logs: six questions"
dialect: snowflake
---*/
-- The six questions of the published quickstart, corrected, over every line that was loaded.
-- Put the cursor into a statement and run it.

-- 1. Who deleted an object? object_key is the key as S3 was given it; key is as it was logged.
-- A request for many objects is logged once for each, as BATCH.DELETE.OBJECT.
select requestdatetime, remoteip, requester, operation, object_key, versionid
from logs.s3_access_logs
where object_key = 'path/to/object'
  and (operation like '%.DELETE.OBJECT' or operation in ('S3.EXPIRE.OBJECT', 'S3.CREATE.DELETEMARKER'))
order by requestdatetime desc;

-- 2. Who asks most often?
select remoteip, count(*) as requests
from logs.s3_access_logs
group by remoteip
order by requests desc, remoteip
limit 100;

-- 3. Who moves most? S3 sends bytessent; an upload is as large as the object or part it writes.
select
  remoteip,
  sum(case when operation = 'REST.GET.OBJECT' then bytessent end) as downloaded,
  sum(case when operation in ('REST.PUT.OBJECT', 'REST.PUT.PART') then objectsize end) as uploaded,
  zeroifnull(downloaded) + zeroifnull(uploaded) as total
from logs.s3_access_logs
group by remoteip
order by total desc, remoteip
limit 100;

-- 4. What was denied, why, and to whom? Statuses are numbers.
select requestdatetime, remoteip, requester, operation, object_key, errorcode
from logs.s3_access_logs
where httpstatus = 403
order by requestdatetime desc
limit 1000;

-- 5. What did a user do, or a role? The end of a session's ARN is a name of its own.
select requestdatetime, remoteip, requester, operation, object_key, httpstatus
from logs.s3_access_logs
where requester = 'arn:aws:iam::123456789123:user/user_name'
   or requester like 'arn:aws:sts::123456789123:assumed-role/role_name/%'
order by requestdatetime desc
limit 1000;

-- 6. Who asked without a login, and was let in? What was denied is in number 4.
select requestdatetime, remoteip, operation, object_key, httpstatus
from logs.s3_access_logs
where requester is null and httpstatus < 400
order by requestdatetime desc
limit 1000;
