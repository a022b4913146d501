/*---
title: History of an object
question: What happened to this object, and who did it?
ja: { title: オブジェクトの履歴, question: このオブジェクトに何が起きたか、誰が行ったか? }
source: Athena user guide (operations on an object in a period)
log_types: [s3_access_logs]
counts: >-
  One row for each line, newest first, refused requests and lifecycle actions too. AWS delivers some lines twice and some never;
  duplicate-requests lists those delivered twice.
parameters:
  - { name: from, type: timestamp, default: -30d, doc: Start of the time range. }
  - { name: to, type: timestamp, default: now, doc: End of the time range. }
  - { name: bucket, type: text, default: "", doc: Only this bucket; empty for all. }
  - { name: key, type: text, doc: "Key of the object, as logged or decoded." }
  - { name: limit, type: integer, default: "1000", doc: Rows at most. }
chart: { type: table }
sample:
  access.log: |
    o acme [15/Oct/2026:10:00:00 +0000] 192.0.2.3 alice R1 REST.PUT.OBJECT a%2520b.txt "-" 200 - - - - - "-" "-" -
    o acme [15/Oct/2026:11:00:00 +0000] 192.0.2.3 bob R2 REST.GET.OBJECT a%2520b.txt "-" 403 AccessDenied - - - - "-" "-" -
    o acme [15/Oct/2026:10:00:00 +0000] 192.0.2.3 alice R3 REST.GET.OBJECT b.txt "-" 200 - - - - - "-" "-" -
    o acme [15/Oct/2026:10:00:00 +0000] 192.0.2.3 alice R4 REST.GET.BUCKET - "-" 200 - - - - - "-" "-" -
    o acme [01/Jan/2026:00:00:00 +0000] 192.0.2.3 alice R98 REST.GET.OBJECT a%2520b.txt "-" 200 - - - - - "-" "-" -
    o acme [16/Oct/2026:00:00:00 +0000] 192.0.2.3 alice R99 REST.GET.OBJECT a%2520b.txt "-" 200 - - - - - "-" "-" -
    o other [15/Oct/2026:10:00:00 +0000] 192.0.2.3 alice R97 REST.GET.OBJECT a%2520b.txt "-" 200 - - - - - "-" "-" -
sample_parameters: { bucket: acme, key: a b.txt }
expected:
  - requestdatetime: 2026-10-15 11:00:00
    bucket_name: acme
    operation: REST.GET.OBJECT
    versionid: null
    requester: bob
    remoteip: 192.0.2.3
    httpstatus: 403
    errorcode: AccessDenied
  - requestdatetime: 2026-10-15 10:00:00
    bucket_name: acme
    operation: REST.PUT.OBJECT
    versionid: null
    requester: alice
    remoteip: 192.0.2.3
    httpstatus: 200
    errorcode: null
---*/
select requestdatetime, bucket_name, operation, versionid, requester, remoteip, httpstatus, errorcode
from s3_access_logs
where requestdatetime >= $from and requestdatetime < $to
  and (key = $key or object_key = $key)
  and ($bucket = '' or bucket_name = $bucket)
order by requestdatetime desc, bucket_name, requestid, operation
limit $limit
