/*---
title: Large downloads
question: Who took much in one request?
ja: { title: 大きなダウンロード, question: 1 回のリクエストで大量に取得したのは誰か? }
source: Tailpipe s3_object_accessed_with_large_response_size
log_types: [s3_access_logs]
counts: >-
  Bytes that S3 sent in one response. Programs fetch large objects in ranges, each a request of its own, so much data may leave in small
  pieces: see downloads-by-requester. AWS delivers some lines twice and some never; duplicate-requests lists those delivered twice.
parameters:
  - { name: from, type: timestamp, default: -30d, doc: Start of the time range. }
  - { name: to, type: timestamp, default: now, doc: End of the time range. }
  - { name: bucket, type: text, default: "", doc: Only this bucket; empty for all. }
  - { name: min_bytes, type: integer, default: "100000000", doc: Bytes of a response that count as large. }
  - { name: limit, type: integer, default: "100", doc: Rows at most. }
chart: { type: table, axis: requester, measure: bytessent }
sample:
  access.log: |
    o acme [15/Oct/2026:10:00:00 +0000] 192.0.2.3 alice R1 REST.GET.OBJECT a.txt "-" 200 - 5000 5000 - - "-" "-" -
    o acme [15/Oct/2026:10:00:00 +0000] 192.0.2.3 - R2 REST.GET.OBJECT a.txt "-" 206 - 2000 5000 - - "-" "-" -
    o acme [15/Oct/2026:10:00:00 +0000] 192.0.2.3 alice R3 REST.GET.OBJECT a.txt "-" 200 - 1999 5000 - - "-" "-" -
    o acme [15/Oct/2026:10:00:00 +0000] 192.0.2.3 alice R4 REST.PUT.OBJECT a.txt "-" 200 - - 5000 - - "-" "-" -
    o acme [15/Oct/2026:10:00:00 +0000] 192.0.2.3 alice R5 REST.GET.BUCKET - "-" 200 - 5000 - - - "-" "-" -
    o acme [01/Jan/2026:00:00:00 +0000] 192.0.2.3 alice R98 REST.GET.OBJECT a.txt "-" 200 - 5000 - - - "-" "-" -
    o acme [16/Oct/2026:00:00:00 +0000] 192.0.2.3 alice R99 REST.GET.OBJECT a.txt "-" 200 - 5000 - - - "-" "-" -
    o other [15/Oct/2026:10:00:00 +0000] 192.0.2.3 alice R97 REST.GET.OBJECT a.txt "-" 200 - 5000 - - - "-" "-" -
sample_parameters: { bucket: acme, min_bytes: "2000" }
expected:
  - requestdatetime: 2026-10-15 10:00:00
    bucket_name: acme
    object_key: a.txt
    requester: alice
    remoteip: 192.0.2.3
    bytessent: 5000
    objectsize: 5000
  - requestdatetime: 2026-10-15 10:00:00
    bucket_name: acme
    object_key: a.txt
    requester: null
    remoteip: 192.0.2.3
    bytessent: 2000
    objectsize: 5000
---*/
select requestdatetime, bucket_name, object_key, requester, remoteip, bytessent, objectsize
from s3_access_logs
where requestdatetime >= $from and requestdatetime < $to
  and operation in ('REST.GET.OBJECT', 'WEBSITE.GET.OBJECT')
  and bytessent >= $min_bytes
  and ($bucket = '' or bucket_name = $bucket)
order by bytessent desc, requestdatetime desc, bucket_name, requestid, key
limit $limit
