/*---
title: Anonymous requests
question: Who reached buckets without signing in, and what did they get?
ja: { title: 匿名のリクエスト, question: 署名なしでバケットにアクセスしたのは誰で、何を得たか? }
source: Snowflake quickstart "S3 access logs"; Athena user guide (anonymous requesters)
log_types: [s3_access_logs]
counts: >-
  Lines without a requester that came from an address, refused ones too. What S3 does by itself is left out. AWS delivers some lines
  twice and some never; duplicate-requests lists those delivered twice.
parameters:
  - { name: from, type: timestamp, default: -30d, doc: Start of the time range. }
  - { name: to, type: timestamp, default: now, doc: End of the time range. }
  - { name: bucket, type: text, default: "", doc: Only this bucket; empty for all. }
  - { name: limit, type: integer, default: "100", doc: Rows at most. }
chart: { type: table, axis: remoteip, measure: requests }
sample:
  access.log: |
    o acme [15/Oct/2026:10:00:00 +0000] 192.0.2.3 - R1 REST.GET.OBJECT a.txt "-" 200 - - - - - "-" "-" -
    o acme [15/Oct/2026:10:00:00 +0000] 192.0.2.3 - R2 REST.GET.OBJECT b.txt "-" 200 - - - - - "-" "-" -
    o acme [15/Oct/2026:11:00:00 +0000] 192.0.2.3 - R3 REST.GET.OBJECT a.txt "-" 403 AccessDenied - - - - "-" "-" -
    o acme [15/Oct/2026:10:00:00 +0000] 192.0.2.3 alice R4 REST.GET.OBJECT a.txt "-" 200 - - - - - "-" "-" -
    o acme [15/Oct/2026:10:00:00 +0000] - - R5 S3.EXPIRE.OBJECT a.txt "-" - - - - - - "-" "-" -
    o acme [01/Jan/2026:00:00:00 +0000] 192.0.2.3 - R6 REST.GET.OBJECT a.txt "-" 200 - - - - - "-" "-" -
    o acme [16/Oct/2026:00:00:00 +0000] 192.0.2.3 - R7 REST.GET.OBJECT a.txt "-" 200 - - - - - "-" "-" -
    o other [15/Oct/2026:10:00:00 +0000] 192.0.2.3 - R8 REST.GET.OBJECT a.txt "-" 200 - - - - - "-" "-" -
sample_parameters: { bucket: acme }
expected:
  - bucket_name: acme
    remoteip: 192.0.2.3
    operation: REST.GET.OBJECT
    httpstatus: 200
    requests: 2
    objects: 2
    last_seen: 2026-10-15 10:00:00
  - bucket_name: acme
    remoteip: 192.0.2.3
    operation: REST.GET.OBJECT
    httpstatus: 403
    requests: 1
    objects: 1
    last_seen: 2026-10-15 11:00:00
---*/
select
  bucket_name,
  remoteip,
  operation,
  httpstatus,
  count(*) as requests,
  count(distinct key) as objects,
  max(requestdatetime) as last_seen
from s3_access_logs
where requestdatetime >= $from and requestdatetime < $to and requester is null and remoteip is not null
  and ($bucket = '' or bucket_name = $bucket)
group by bucket_name, remoteip, operation, httpstatus
order by requests desc, last_seen desc, bucket_name, remoteip, operation, httpstatus
limit $limit
