/*---
title: Possible duplicates
question: Which lines did AWS deliver more than once?
ja: { title: 重複の可能性がある行, question: AWS が 2 回以上配信した行はどれか? }
source: Millrace
log_types: [s3_access_logs]
counts: >-
  Lines alike in every field. One request may rightly have several lines, one for each object of a batch or each end of a copy; those
  differ. A file that was loaded from two places also shows here.
parameters:
  - { name: from, type: timestamp, default: -30d, doc: Start of the time range. }
  - { name: to, type: timestamp, default: now, doc: End of the time range. }
  - { name: bucket, type: text, default: "", doc: Only this bucket; empty for all. }
  - { name: limit, type: integer, default: "100", doc: Rows at most. }
chart: { type: table }
sample:
  access.log: |
    o acme [15/Oct/2026:10:00:00 +0000] 192.0.2.3 alice R1 REST.GET.OBJECT a.txt "-" 200 - - - - - "-" "-" -
    o acme [15/Oct/2026:10:00:00 +0000] 192.0.2.3 alice R1 REST.GET.OBJECT a.txt "-" 200 - - - - - "-" "-" -
    o acme [15/Oct/2026:10:00:00 +0000] 192.0.2.3 alice R1 REST.GET.OBJECT a.txt "-" 200 - - - - - "-" "-" -
    o acme [15/Oct/2026:10:00:00 +0000] 192.0.2.3 alice R2 BATCH.DELETE.OBJECT a.txt "-" 200 - - - - - "-" "-" -
    o acme [15/Oct/2026:10:00:00 +0000] 192.0.2.3 alice R2 BATCH.DELETE.OBJECT b.txt "-" 200 - - - - - "-" "-" -
    o acme [15/Oct/2026:10:00:00 +0000] 192.0.2.3 alice R3 REST.COPY.OBJECT a.txt "-" 200 - - - - - "-" "-" -
    o acme [15/Oct/2026:10:00:00 +0000] 192.0.2.3 alice R3 REST.COPY.OBJECT_GET a.txt "-" 200 - - - - - "-" "-" -
    o acme [15/Oct/2026:10:00:00 +0000] 192.0.2.3 alice R4 REST.GET.OBJECT a.txt "-" 200 - 1 - - - "-" "-" -
    o acme [15/Oct/2026:10:00:00 +0000] 192.0.2.3 alice R4 REST.GET.OBJECT a.txt "-" 200 - 2 - - - "-" "-" -
    o acme [15/Oct/2026:10:00:00 +0000] 192.0.2.3 alice R6 REST.GET.OBJECT a.txt "-" 200 - - - - - "-" "-" -
    o acme [15/Oct/2026:10:00:00 +0000] 192.0.2.3 alice R7 REST.GET.OBJECT a.txt "-" 200 - - - - - "-" "-" -
    o acme [15/Oct/2026:10:00:00 +0000] 192.0.2.3 alice - REST.GET.OBJECT a.txt "-" 200 - - - - - "-" "-" -
    o acme [15/Oct/2026:10:00:00 +0000] 192.0.2.3 alice - REST.GET.OBJECT a.txt "-" 200 - - - - - "-" "-" -
    o acme [01/Jan/2026:00:00:00 +0000] 192.0.2.3 alice R98 REST.GET.OBJECT a.txt "-" 200 - - - - - "-" "-" -
    o acme [01/Jan/2026:00:00:00 +0000] 192.0.2.3 alice R98 REST.GET.OBJECT a.txt "-" 200 - - - - - "-" "-" -
    o acme [16/Oct/2026:00:00:00 +0000] 192.0.2.3 alice R99 REST.GET.OBJECT a.txt "-" 200 - - - - - "-" "-" -
    o acme [16/Oct/2026:00:00:00 +0000] 192.0.2.3 alice R99 REST.GET.OBJECT a.txt "-" 200 - - - - - "-" "-" -
    o other [15/Oct/2026:10:00:00 +0000] 192.0.2.3 alice R97 REST.GET.OBJECT a.txt "-" 200 - - - - - "-" "-" -
    o other [15/Oct/2026:10:00:00 +0000] 192.0.2.3 alice R97 REST.GET.OBJECT a.txt "-" 200 - - - - - "-" "-" -
sample_parameters: { bucket: acme }
expected:
  - { requestdatetime: 2026-10-15 10:00:00, bucket_name: acme, requestid: R1, operation: REST.GET.OBJECT, key: a.txt, copies: 3 }
---*/
select requestdatetime, bucket_name, requestid, operation, key, count(*) as copies
from s3_access_logs
where requestdatetime >= $from and requestdatetime < $to and requestid is not null
  and ($bucket = '' or bucket_name = $bucket)
group by
  bucketowner, bucket_name, requestdatetime, remoteip, requester, requestid, operation, key, request_uri,
  httpstatus, errorcode, bytessent, objectsize, totaltime, turnaroundtime, referrer, useragent, versionid,
  hostid, sigv, ciphersuite, authtype, endpoint, tlsversion, accesspointarn, aclrequired, sourceregion
having count(*) > 1
order by copies desc, requestdatetime desc, bucket_name, requestid, operation, key
limit $limit
