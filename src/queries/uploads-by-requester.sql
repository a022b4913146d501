/*---
title: Uploads by requester
question: Who put objects, how many and how large?
ja: { title: リクエスタ別のアップロード, question: 誰がオブジェクトを、何個、どれだけの大きさで置いたか? }
source: Athena user guide (PUT requesters)
log_types: [s3_access_logs]
counts: >-
  Requests that succeeded; each part of an upload in parts is one. S3 does not log what it received: bytes are the sizes of the objects
  and parts that were put. No requester means that nobody signed in. AWS delivers some lines twice and some never; duplicate-requests
  lists those delivered twice.
parameters:
  - { name: from, type: timestamp, default: -30d, doc: Start of the time range. }
  - { name: to, type: timestamp, default: now, doc: End of the time range. }
  - { name: bucket, type: text, default: "", doc: Only this bucket; empty for all. }
  - { name: limit, type: integer, default: "50", doc: Rows at most. }
chart: { type: bar, axis: requester, measure: uploaded_bytes }
sample:
  access.log: |
    o acme [15/Oct/2026:10:00:00 +0000] 192.0.2.3 alice R1 REST.PUT.OBJECT a.txt "-" 200 - 7 10 - - "-" "-" -
    o acme [15/Oct/2026:10:00:00 +0000] 192.0.2.3 alice R2 REST.PUT.OBJECT a.txt "-" 200 - 7 20 - - "-" "-" -
    o acme [15/Oct/2026:10:00:00 +0000] 192.0.2.3 alice R3 REST.PUT.OBJECT b.txt "-" 200 - 7 30 - - "-" "-" -
    o acme [15/Oct/2026:10:00:00 +0000] 192.0.2.3 alice R4 REST.PUT.OBJECT a.txt "-" 403 AccessDenied 7 900 - - "-" "-" -
    o acme [15/Oct/2026:10:00:00 +0000] 192.0.2.3 alice R5 REST.GET.OBJECT a.txt "-" 200 - 7 900 - - "-" "-" -
    o acme [15/Oct/2026:10:00:00 +0000] 192.0.2.3 - R6 REST.PUT.PART a.txt "-" 200 - 7 5 - - "-" "-" -
    o acme [15/Oct/2026:10:00:00 +0000] 192.0.2.3 alice R7 REST.COPY.OBJECT a.txt "-" 200 - 7 900 - - "-" "-" -
    o acme [01/Jan/2026:00:00:00 +0000] 192.0.2.3 alice R98 REST.PUT.OBJECT a.txt "-" 200 - 7 900 - - "-" "-" -
    o acme [16/Oct/2026:00:00:00 +0000] 192.0.2.3 alice R99 REST.PUT.OBJECT a.txt "-" 200 - 7 900 - - "-" "-" -
    o other [15/Oct/2026:10:00:00 +0000] 192.0.2.3 alice R97 REST.PUT.OBJECT a.txt "-" 200 - 7 900 - - "-" "-" -
sample_parameters: { bucket: acme }
expected:
  - { requester: alice, uploads: 3, objects: 2, uploaded_bytes: 60 }
  - { requester: null, uploads: 1, objects: 1, uploaded_bytes: 5 }
---*/
select
  requester,
  count(*) as uploads,
  count(distinct bucket_name || '/' || key) as objects,
  sum(coalesce(objectsize, 0)) as uploaded_bytes
from s3_access_logs
where requestdatetime >= $from and requestdatetime < $to
  and operation in ('REST.PUT.OBJECT', 'REST.POST.OBJECT', 'REST.PUT.PART')
  and httpstatus between 200 and 299
  and ($bucket = '' or bucket_name = $bucket)
group by requester
order by uploaded_bytes desc, requester
limit $limit
