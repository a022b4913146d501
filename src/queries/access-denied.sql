/*---
title: Access denied
question: Which requests were refused, and whose were they?
ja: { title: アクセス拒否, question: どのリクエストが拒否されたか、誰のリクエストか? }
source: Snowflake quickstart "S3 access logs"
log_types: [s3_access_logs]
counts: >-
  Lines with status 403: permission denied, and signatures, keys or clocks that are wrong, as the error code says. Requests that the
  policy of a VPC endpoint denies are not logged. AWS delivers some lines twice and some never; duplicate-requests lists those delivered
  twice.
parameters:
  - { name: from, type: timestamp, default: -30d, doc: Start of the time range. }
  - { name: to, type: timestamp, default: now, doc: End of the time range. }
  - { name: bucket, type: text, default: "", doc: Only this bucket; empty for all. }
  - { name: limit, type: integer, default: "100", doc: Rows at most. }
chart: { type: table, axis: remoteip, measure: refusals }
sample:
  access.log: |
    o acme [15/Oct/2026:10:00:00 +0000] 192.0.2.3 alice R1 REST.GET.OBJECT a.txt "-" 403 AccessDenied - - - - "-" "-" -
    o acme [15/Oct/2026:10:30:00 +0000] 192.0.2.3 alice R2 REST.GET.OBJECT a.txt "-" 403 AccessDenied - - - - "-" "-" -
    o acme [15/Oct/2026:10:00:00 +0000] 192.0.2.3 - R3 REST.PUT.OBJECT a.txt "-" 403 SignatureDoesNotMatch - - - - "-" "-" -
    o acme [15/Oct/2026:10:00:00 +0000] 192.0.2.3 alice R4 REST.GET.OBJECT a.txt "-" 200 - - - - - "-" "-" -
    o acme [15/Oct/2026:10:00:00 +0000] 192.0.2.3 alice R5 REST.GET.OBJECT a.txt "-" 404 NoSuchKey - - - - "-" "-" -
    o acme [01/Jan/2026:00:00:00 +0000] 192.0.2.3 alice R6 REST.GET.OBJECT a.txt "-" 403 AccessDenied - - - - "-" "-" -
    o acme [16/Oct/2026:00:00:00 +0000] 192.0.2.3 alice R7 REST.GET.OBJECT a.txt "-" 403 AccessDenied - - - - "-" "-" -
    o other [15/Oct/2026:10:00:00 +0000] 192.0.2.3 alice R8 REST.GET.OBJECT a.txt "-" 403 AccessDenied - - - - "-" "-" -
sample_parameters: { bucket: acme }
expected:
  - bucket_name: acme
    requester: alice
    remoteip: 192.0.2.3
    operation: REST.GET.OBJECT
    errorcode: AccessDenied
    refusals: 2
    first_seen: 2026-10-15 10:00:00
    last_seen: 2026-10-15 10:30:00
  - bucket_name: acme
    requester: null
    remoteip: 192.0.2.3
    operation: REST.PUT.OBJECT
    errorcode: SignatureDoesNotMatch
    refusals: 1
    first_seen: 2026-10-15 10:00:00
    last_seen: 2026-10-15 10:00:00
---*/
select
  bucket_name,
  requester,
  remoteip,
  operation,
  errorcode,
  count(*) as refusals,
  min(requestdatetime) as first_seen,
  max(requestdatetime) as last_seen
from s3_access_logs
where requestdatetime >= $from and requestdatetime < $to and httpstatus = 403
  and ($bucket = '' or bucket_name = $bucket)
group by bucket_name, requester, remoteip, operation, errorcode
order by refusals desc, last_seen desc, bucket_name, requester, remoteip, operation, errorcode
limit $limit
