/*---
title: All actions of a requester
question: What did this user or role do?
ja: { title: リクエスタのすべての操作, question: このユーザーまたはロールは何をしたか? }
source: Snowflake quickstart "S3 access logs"; Athena user guide (operations of an IAM user)
log_types: [s3_access_logs]
counts: >-
  One row for each line, newest first, refused requests too. AWS delivers some lines twice and some never; duplicate-requests lists those
  delivered twice.
parameters:
  - { name: from, type: timestamp, default: -30d, doc: Start of the time range. }
  - { name: to, type: timestamp, default: now, doc: End of the time range. }
  - { name: requester, type: text, doc: "As the log names it; a role without session stands for all its sessions." }
  - { name: limit, type: integer, default: "1000", doc: Rows at most. }
chart: { type: table }
sample:
  access.log: |
    o acme [15/Oct/2026:10:00:00 +0000] 192.0.2.3 arn:aws:sts::1:assumed-role/ci/1 R1 REST.PUT.OBJECT a.txt "-" 200 - - - - - "-" "-" -
    o acme [15/Oct/2026:11:00:00 +0000] 192.0.2.3 arn:aws:sts::1:assumed-role/ci/2 R2 REST.GET.OBJECT a "-" 404 NoSuchKey - - - - "-" "-" -
    o acme [15/Oct/2026:10:00:00 +0000] 192.0.2.3 arn:aws:sts::1:assumed-role/cier/1 R3 REST.GET.OBJECT a.txt "-" 200 - - - - - "-" "-" -
    o acme [15/Oct/2026:10:00:00 +0000] 192.0.2.3 alice R4 REST.GET.OBJECT a.txt "-" 200 - - - - - "-" "-" -
    o acme [15/Oct/2026:10:00:00 +0000] 192.0.2.3 - R5 REST.GET.OBJECT a.txt "-" 200 - - - - - "-" "-" -
    o acme [01/Jan/2026:00:00:00 +0000] 192.0.2.3 arn:aws:sts::1:assumed-role/ci/1 R6 REST.GET.OBJECT a.txt "-" 200 - - - - - "-" "-" -
    o acme [16/Oct/2026:00:00:00 +0000] 192.0.2.3 arn:aws:sts::1:assumed-role/ci/1 R7 REST.GET.OBJECT a.txt "-" 200 - - - - - "-" "-" -
sample_parameters: { requester: "arn:aws:sts::1:assumed-role/ci" }
expected:
  - requestdatetime: 2026-10-15 11:00:00
    requester: arn:aws:sts::1:assumed-role/ci/2
    remoteip: 192.0.2.3
    bucket_name: acme
    operation: REST.GET.OBJECT
    object_key: a
    httpstatus: 404
    errorcode: NoSuchKey
  - requestdatetime: 2026-10-15 10:00:00
    requester: arn:aws:sts::1:assumed-role/ci/1
    remoteip: 192.0.2.3
    bucket_name: acme
    operation: REST.PUT.OBJECT
    object_key: a.txt
    httpstatus: 200
    errorcode: null
---*/
select requestdatetime, requester, remoteip, bucket_name, operation, object_key, httpstatus, errorcode
from s3_access_logs
where requestdatetime >= $from and requestdatetime < $to
  and (requester = $requester or substring(requester, 1, length($requester) + 1) = $requester || '/')
order by requestdatetime desc, requestid, operation, bucket_name, object_key
limit $limit
